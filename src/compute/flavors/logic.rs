//! The rules of flavors: check, decide, write.

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::ids::FlavorId;
use rusqlite::Connection;

use super::model::{ExtraSpecs, Flavor};
use super::store;

/// The flavors of `DevStack`: id, name, virtual CPUs, RAM MiB, disk GiB.
static DEFAULTS: &[(&str, &str, i64, i64, i64)] = &[
    ("1", "m1.tiny", 1, 512, 1),
    ("2", "m1.small", 1, 2048, 20),
    ("3", "m1.medium", 2, 4096, 40),
    ("4", "m1.large", 4, 8192, 80),
    ("5", "m1.xlarge", 8, 16384, 160),
    ("42", "m1.nano", 1, 192, 1),
    ("84", "m1.micro", 1, 256, 1),
];

/// Nova's sentence for a flavor that is not there.
pub(crate) fn not_found(id: &FlavorId) -> Error {
    Error::not_found(format!("Flavor {id} could not be found."))
}

/// Makes the default flavors where there are none at all.
pub(crate) fn bootstrap(connection: &Connection, now: Time) -> Result<()> {
    if store::any(connection)? {
        return Ok(());
    }
    for (id, name, vcpus, ram_mb, disk_gb) in DEFAULTS.iter().copied() {
        store::insert(
            connection,
            &Flavor {
                id: FlavorId::from(id),
                name: name.to_owned(),
                description: None,
                vcpus,
                ram_mb,
                disk_gb,
                ephemeral_gb: 0,
                swap_mb: 0,
                rxtx_factor: 1.0,
                is_public: true,
                disabled: false,
                extra_specs: ExtraSpecs::new(),
                created_at: now,
                updated_at: None,
            },
        )?;
    }
    Ok(())
}

/// Adds a flavor. A private one is nobody's until access is given, not even its maker's
/// (Nova: `flavors.py`).
pub(crate) fn create(connection: &Connection, flavor: &Flavor) -> Result<()> {
    if store::name_is_taken(connection, &flavor.name)? {
        return Err(Error::conflict(format!("Flavor with name {} already exists.", flavor.name)));
    }
    if store::get_for_system(connection, &flavor.id)?.is_some() {
        return Err(Error::conflict(format!("Flavor with ID {} already exists.", flavor.id)));
    }
    store::insert(connection, flavor)
}

/// Changes the description.
pub(crate) fn update(
    connection: &Connection,
    id: &FlavorId,
    description: Option<&str>,
    now: Time,
) -> Result<Flavor> {
    store::update_description(connection, id, description, now)?;
    store::get_for_system(connection, id)?.ok_or_else(|| not_found(id))
}

/// Removes a flavor.
pub(crate) fn delete(connection: &Connection, id: &FlavorId) -> Result<()> {
    if store::delete(connection, id)? { Ok(()) } else { Err(not_found(id)) }
}
