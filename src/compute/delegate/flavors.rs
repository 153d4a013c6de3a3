//! Flavors, their extra specs and who may use them.

use kit::error::{Error, Result};
use kit::ids::{FlavorId, ProjectId};
use serde_json::{Map, Value};

use super::Delegate;
use crate::flavor_extra_specs::{api::specs, logic as extra_specs};
use crate::flavors::{api, logic, store, view};
use crate::{flavor_access, policy};

/// What a flavor has at least (Nova: the schema of its API).
static LEAST: &[(&str, i64)] = &[("ram", 1), ("vcpus", 1), ("disk", 0), ("swap", 0)];

impl Delegate<'_> {
    /// Makes the flavor of a body's `flavor`.
    pub fn create_flavor(&self, given: &Value) -> Result<FlavorId> {
        self.authorize(&policy::FLAVORS_CREATE)?;
        for (name, least) in LEAST {
            match given.get(name).and_then(Value::as_i64) {
                Some(number) if number < *least => {
                    return Err(Error::bad_request(format!(
                        "Invalid input for field/attribute {name}. Value: {number}. {number} is \
                         less than the minimum of {least}"
                    )));
                }
                Some(_) | None => {}
            }
        }
        let flavor = api::from_body(given, self.now)?;
        logic::create(self.connection, &flavor)?;
        Ok(flavor.id)
    }

    /// The flavor as the API shows it.
    pub fn show_flavor(&self, id: &FlavorId) -> Result<Value> {
        let visible_to = policy::visible_to(&self.platform.policy, self.caller);
        let found = store::get_visible(self.connection, id, visible_to.as_ref())?;
        let flavor = found.ok_or_else(|| logic::not_found(id))?;
        Ok(self.render(&view::DETAIL, &flavor))
    }

    /// Removes a flavor.
    pub fn delete_flavor(&self, id: &FlavorId) -> Result<()> {
        self.authorize(&policy::FLAVORS_DELETE)?;
        logic::delete(self.connection, id)
    }

    /// Gives a flavor these extra specs and no others.
    pub fn set_extra_specs(&self, id: &FlavorId, wanted: &Map<String, Value>) -> Result<()> {
        self.authorize(&policy::FLAVOR_EXTRA_SPECS_CREATE)?;
        let wanted = specs(&Value::Object(wanted.clone()));
        extra_specs::check(&wanted)?;
        store::update_extra_specs(self.connection, id, &wanted, self.now)
    }

    /// Lets these projects and no others use a private flavor.
    pub fn set_flavor_access(&self, id: &FlavorId, wanted: &[ProjectId]) -> Result<()> {
        let old = store::list_access(self.connection, id)?;
        for project in old.iter().filter(|project| !wanted.contains(project)) {
            self.authorize(&policy::FLAVOR_ACCESS_REMOVE)?;
            flavor_access::logic::remove(self.connection, id, project)?;
        }
        for project in wanted.iter().filter(|project| !old.contains(project)) {
            self.authorize(&policy::FLAVOR_ACCESS_ADD)?;
            flavor_access::logic::add(self.connection, id, project, true)?;
        }
        Ok(())
    }
}
