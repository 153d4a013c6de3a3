//! The sources of stacks in memory: decoded once, and read into a blueprint once.
//!
//! Every record of every visit reads the row of its stack. The rows' own text is the key, so what a
//! transaction takes back, an update puts in its place or a rollback brings back is found by what
//! it is, never by when it was there. Only [`super::store`] takes sources from here. It never
//! writes and knows nothing that the rows do not.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use kit::ids::StackId;

use super::blueprint::Blueprint;
use super::model::Source;
use crate::template::Result;

/// How many sources are kept; those that were not asked for the longest go first.
const PLACES: usize = 128;

static SHELF: Mutex<VecDeque<Place>> = Mutex::new(VecDeque::new());

/// The source of one stack, with what it was read into.
#[derive(Debug)]
pub(crate) struct Shelved {
    source: Source,
    blueprint: OnceLock<Arc<Blueprint>>,
}

impl From<Source> for Shelved {
    fn from(source: Source) -> Self {
        Self { source, blueprint: OnceLock::new() }
    }
}

impl Deref for Shelved {
    type Target = Source;

    fn deref(&self) -> &Source {
        &self.source
    }
}

impl Shelved {
    /// What the source says for its stack; read the first time that somebody asks.
    pub(super) fn blueprint(
        &self,
        read: impl FnOnce(&Source) -> Result<Blueprint>,
    ) -> Result<Arc<Blueprint>> {
        if let Some(blueprint) = self.blueprint.get() {
            return Ok(Arc::clone(blueprint));
        }
        let blueprint = Arc::new(read(&self.source)?);
        Ok(Arc::clone(self.blueprint.get_or_init(|| blueprint)))
    }
}

struct Place {
    stack: StackId,
    text: Box<str>,
    shelved: Arc<Shelved>,
}

/// The source that a row of the stack spells so.
pub(super) fn take(stack: &StackId, text: &str) -> serde_json::Result<Arc<Shelved>> {
    if let Some(found) = find(stack, text) {
        return Ok(found);
    }
    let shelved = Arc::new(Shelved::from(serde_json::from_str::<Source>(text)?));
    let place = Place { stack: stack.clone(), text: text.into(), shelved: Arc::clone(&shelved) };
    let mut shelf = SHELF.lock().unwrap_or_else(PoisonError::into_inner);
    shelf.push_front(place);
    shelf.truncate(PLACES);
    Ok(shelved)
}

fn find(stack: &StackId, text: &str) -> Option<Arc<Shelved>> {
    let mut shelf = SHELF.lock().unwrap_or_else(PoisonError::into_inner);
    let index = shelf.iter().position(|place| place.stack == *stack && *place.text == *text)?;
    let place = shelf.remove(index)?;
    let found = Arc::clone(&place.shelved);
    shelf.push_front(place);
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_known_by_stack_and_text() {
        let (one, other) = (StackId::random(), StackId::random());
        let text = r#"{"template": {}, "files": {}, "environment": {}}"#;
        let changed = r#"{"template": {"a": 1}, "files": {}, "environment": {}}"#;
        let first = take(&one, text).unwrap();
        assert!(Arc::ptr_eq(&first, &take(&one, text).unwrap()));
        assert!(!Arc::ptr_eq(&first, &take(&other, text).unwrap()));
        assert!(!Arc::ptr_eq(&first, &take(&one, changed).unwrap()));
        assert!(take(&one, "no json").is_err());
    }
}
