//! The rules of services: check, decide, write.

use kit::error::{Error, Result};
use kit::ids::is_uuid_like;
use rusqlite::Connection;

use crate::hosts::model::{Binary, Service};
use crate::hosts::store;
use crate::servers::store::host_usage;

/// What is changed of a service; absent things stay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Update {
    pub(super) disabled: Option<bool>,
    /// Set together with `disabled`.
    pub(super) disabled_reason: Option<String>,
    pub(super) forced_down: Option<bool>,
}

/// The service of this UUID, or of this integer where the version has those.
pub(super) fn find(connection: &Connection, id: &str, by_uuid: bool) -> Result<Service> {
    if by_uuid && !is_uuid_like(id) {
        return Err(Error::bad_request(format!("Invalid uuid {id}")));
    }
    let named = |service: &Service| {
        if by_uuid { service.id.as_str() == id } else { service.row.to_string() == id }
    };
    let missing = || Error::not_found(format!("Service {id} could not be found."));
    store::list_services(connection)?.into_iter().find(named).ok_or_else(missing)
}

/// Changes the service of this UUID.
pub(super) fn update(connection: &Connection, id: &str, update: &Update) -> Result<Service> {
    let mut service = find(connection, id, true)?;
    check_switchable(service.binary.as_str())?;
    if *update == Update::default() {
        return Err(Error::bad_request(
            "No updates were requested. Fields 'status' or 'forced_down' should be specified.",
        ));
    }
    apply(&mut service, update);
    store::update_service(connection, &service)?;
    Ok(service)
}

/// Changes the service of this binary on this host.
pub(super) fn update_named(
    connection: &Connection,
    host: &str,
    binary: &str,
    update: &Update,
) -> Result<()> {
    check_switchable(binary)?;
    let missing = || Error::not_found(format!("Could not find binary {binary} on host {host}."));
    let mut service = store::get_service(connection, host, binary)?.ok_or_else(missing)?;
    apply(&mut service, update);
    store::update_service(connection, &service)
}

/// Removes the row of a service that carries no servers. A process that runs brings it back.
pub(super) fn delete(connection: &Connection, id: &str, by_uuid: bool) -> Result<()> {
    if !by_uuid && id.parse::<i64>().is_err() {
        return Err(Error::bad_request("id must be an integer"));
    }
    let service = find(connection, id, by_uuid)
        .map_err(|error| if error.kind == kit::Kind::NotFound { gone(id) } else { error })?;
    let carries =
        service.binary == Binary::Compute && host_usage(connection, &service.host)?.servers > 0;
    if carries {
        return Err(Error::conflict(
            "Unable to delete compute service that is hosting instances. Migrate or delete the \
             instances first.",
        ));
    }
    store::delete_service(connection, &service.id)
}

/// Nova words it differently when deleting.
fn gone(id: &str) -> Error {
    Error::not_found(format!("Service {id} not found."))
}

fn check_switchable(binary: &str) -> Result<()> {
    if Binary::parse(binary) == Some(Binary::Compute) {
        return Ok(());
    }
    Err(Error::bad_request(format!(
        "Updating a {binary} service is not supported. Only nova-compute services can be updated."
    )))
}

fn apply(service: &mut Service, update: &Update) {
    if let Some(disabled) = update.disabled {
        service.disabled = disabled;
        service.disabled_reason.clone_from(&update.disabled_reason);
    }
    service.forced_down = update.forced_down.unwrap_or(service.forced_down);
}
