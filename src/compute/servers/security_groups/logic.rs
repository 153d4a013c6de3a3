//! The rules of a server's security groups (Nova: `network/security_group_api.py`). Neither a lock
//! nor a task holds a change up, and the journal does not list it, as in Nova.

use kit::Kind;
use kit::error::{Error, Result};
use kit::ids::SecurityGroupId;
use rusqlite::Connection;

use crate::servers::logic::Asked;

/// Puts every port of the server into the group of this name or id.
pub(crate) fn add(asked: &Asked, connection: &Connection, name: &str) -> Result<()> {
    let server = asked.open(connection)?;
    let group = named(asked, connection, name)?;
    network::facade::add_security_group(connection, asked.now, &server.id, &group)
}

/// Takes every port of the server out of the group of this name or id.
pub(crate) fn remove(asked: &Asked, connection: &Connection, name: &str) -> Result<()> {
    let server = asked.open(connection)?;
    let group = named(asked, connection, name)?;
    if network::facade::remove_security_group(connection, asked.now, &server.id, &group)? {
        return Ok(());
    }
    let id = &server.id;
    let sentence = format!("Security group {name} not associated with the instance {id}");
    Err(Error::not_found(sentence))
}

fn named(asked: &Asked, connection: &Connection, name: &str) -> Result<SecurityGroupId> {
    let project = asked.caller.require_project()?;
    let missing =
        || Error::not_found(format!("Security group {name} is not found for project {project}"));
    let names = [name.to_owned()];
    let found =
        network::facade::resolve_security_groups(connection, asked.now, &asked.caller, &names);
    // Naming an unknown group is bad input when a server is made, here it is not found.
    let groups =
        found.map_err(|error| if error.kind == Kind::BadRequest { missing() } else { error })?;
    groups.into_iter().next().ok_or_else(missing)
}
