//! What functions learn of resources in a preview. Nothing of it is kept.

use std::cell::RefCell;
use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::engine::scope::Rows;
use crate::template::{Facade, NothingYet, Resolved, Result, Scope};

/// Resources that would begin, as Heat shows them: a reference is the name, attributes are null.
pub(super) struct Imagined;

impl Scope for Imagined {
    fn reference(&self, resource: &str) -> Result<Resolved> {
        Ok(Resolved::Known(Value::from(resource)))
    }

    fn attribute(&self, _: &str, _: &str, _: &[Value]) -> Result<Resolved> {
        Ok(Resolved::Known(Value::Null))
    }

    fn attributes(&self, _: &str) -> Result<Resolved> {
        Ok(Resolved::Known(Value::Object(Map::new())))
    }

    fn facade(&self, part: Facade) -> Result<Resolved> {
        NothingYet.facade(part)
    }

    fn availability_zones(&self) -> Result<Vec<String>> {
        NothingYet.availability_zones()
    }
}

/// The resources as an update would find them: those that come are not there yet.
pub(super) struct Ahead<'a> {
    rows: Rows<'a>,
    coming: RefCell<HashSet<String>>,
}

impl<'a> Ahead<'a> {
    pub(super) fn new(rows: Rows<'a>) -> Self {
        Self { rows, coming: RefCell::default() }
    }

    /// From now on this one is another, or new.
    pub(super) fn comes(&self, resource: &str) {
        self.coming.borrow_mut().insert(resource.to_owned());
    }

    fn unless_coming(
        &self,
        resource: &str,
        read: impl FnOnce(&Rows<'a>) -> Result<Resolved>,
    ) -> Result<Resolved> {
        if self.coming.borrow().contains(resource) {
            return Ok(Resolved::NotYet);
        }
        read(&self.rows)
    }
}

impl Scope for Ahead<'_> {
    fn reference(&self, resource: &str) -> Result<Resolved> {
        self.unless_coming(resource, |rows| rows.reference(resource))
    }

    fn attribute(&self, resource: &str, attribute: &str, path: &[Value]) -> Result<Resolved> {
        self.unless_coming(resource, |rows| rows.attribute(resource, attribute, path))
    }

    fn attributes(&self, resource: &str) -> Result<Resolved> {
        self.unless_coming(resource, |rows| rows.attributes(resource))
    }

    fn facade(&self, part: Facade) -> Result<Resolved> {
        self.rows.facade(part)
    }

    fn availability_zones(&self) -> Result<Vec<String>> {
        self.rows.availability_zones()
    }
}
