//! The rules of extra specs: check, decide, write.

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::ids::FlavorId;
use rusqlite::Connection;

use super::known;
use crate::flavors::model::{ExtraSpecs, Flavor};
use crate::flavors::{logic as flavors, store};

fn flavor(connection: &Connection, id: &FlavorId) -> Result<Flavor> {
    store::get_for_system(connection, id)?.ok_or_else(|| flavors::not_found(id))
}

/// Nova's sentence for a key that is not there.
pub(crate) fn no_key(id: &FlavorId, key: &str) -> Error {
    Error::not_found(format!("Flavor {id} has no extra specs with key {key}."))
}

/// Refuses known keys with values they cannot have, and unknown keys of known namespaces.
pub(crate) fn check(specs: &ExtraSpecs) -> Result<()> {
    for (key, value) in specs {
        known::check(key, value)
            .map_err(|why| Error::bad_request(format!("Validation failed; {why}")))?;
    }
    Ok(())
}

/// Adds extra specs; keys that are there get the new value.
pub(crate) fn add(
    connection: &Connection,
    id: &FlavorId,
    specs: ExtraSpecs,
    now: Time,
) -> Result<()> {
    let mut all = flavor(connection, id)?.extra_specs;
    all.extend(specs);
    store::update_extra_specs(connection, id, &all, now)
}

/// Takes one extra spec away.
pub(crate) fn remove(connection: &Connection, id: &FlavorId, key: &str, now: Time) -> Result<()> {
    let mut all = flavor(connection, id)?.extra_specs;
    if all.remove(key).is_none() {
        return Err(no_key(id, key));
    }
    store::update_extra_specs(connection, id, &all, now)
}
