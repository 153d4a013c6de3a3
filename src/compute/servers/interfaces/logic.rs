//! The rules of interfaces (Nova: `attach_interfaces.py`).

use kit::error::{Error, Kind, Result};
use kit::ids::{PortId, SecurityGroupId};
use network::facade::{Binding, NetworkRequest, Nic, RequestedNic};
use rusqlite::Connection;

use super::attach::ATTACH;
use super::detach::DETACH;
use super::plug::Params;
use crate::servers::logic::Asked;
use crate::servers::model::Server;
use crate::servers::states;

/// What the network service refuses to a new server as bad input, and what it is for one that is
/// there.
static RETOLD: &[(&str, Kind)] = &[
    ("PortNotFound", Kind::NotFound),
    ("NetworkNotFound", Kind::NotFound),
    ("FixedIpAlreadyInUse", Kind::Conflict),
    ("NetworkAmbiguous", Kind::BadRequest),
];

/// The interfaces of the server, in order.
pub(crate) fn list(asked: &Asked, connection: &Connection) -> Result<Vec<Nic>> {
    network::facade::nics_of(connection, &asked.open(connection)?.id)
}

/// One of them, by its port.
pub(crate) fn show(asked: &Asked, connection: &Connection, port: &PortId) -> Result<Nic> {
    let server = asked.open(connection)?.id;
    let nics = network::facade::nics_of(connection, &server)?;
    if let Some(nic) = nics.into_iter().find(|nic| nic.port == *port) {
        return Ok(nic);
    }
    let delegate = network::facade::Delegate {
        platform: &asked.platform,
        connection,
        caller: &asked.caller,
        now: asked.now,
    };
    let elsewhere = delegate.show(network::facade::Kind::Port, port.as_str()).is_ok();
    Err(Error::not_found(if elsewhere {
        format!("Instance {server} does not have a port with id {port}")
    } else {
        format!("Port id {port} could not be found.")
    }))
}

/// Gives the server a port, of these groups if it is made for it, and promises it to the guest.
pub(crate) fn attach(
    asked: &Asked,
    connection: &Connection,
    wanted: RequestedNic,
    groups: &[SecurityGroupId],
) -> Result<Nic> {
    let mut server = asked.open_for(connection, &states::ATTACH_INTERFACE)?;
    let before = network::facade::nics_of(connection, &server.id)?;
    let nic = give_port(asked, connection, &server, wanted, groups).map_err(retold)?;
    let shares_network = server.container.as_ref().is_some_and(|own| own.beside.is_some());
    if shares_network || before.iter().any(|other| other.network == nic.network) {
        let id = &server.id;
        let sentence = format!("Attaching interfaces is not supported for instance {id}.");
        return Err(Error::bad_request(sentence));
    }
    let params = serde_json::to_value(Params { port: nic.port.clone() })?;
    asked.begin(connection, &mut server, &states::ATTACH_INTERFACE, &ATTACH, params)?;
    Ok(nic)
}

/// The new interface is the last.
fn give_port(
    asked: &Asked,
    connection: &Connection,
    server: &Server,
    wanted: RequestedNic,
    groups: &[SecurityGroupId],
) -> Result<Nic> {
    let platform = &asked.platform;
    let request = NetworkRequest::List(vec![wanted]);
    let planned =
        network::facade::validate_requests(platform, connection, &asked.caller, &request, 1)?;
    let binding = Binding {
        project: &server.project_id,
        server: &server.id,
        host: server.host.as_deref().unwrap_or_default(),
        security_groups: groups,
    };
    let nics = network::facade::allocate(platform, connection, asked.now, &binding, &planned)?;
    nics.into_iter().last().ok_or_else(|| Error::internal("no interface was made"))
}

fn retold(error: Error) -> Error {
    let row = RETOLD.iter().find(|(tag, _)| *tag == error.tag);
    Error { kind: row.map_or(error.kind, |(_, kind)| *kind), tag: "", ..error }
}

/// Promises to take an interface away. Whether it is there, the work finds out.
pub(crate) fn detach(asked: &Asked, connection: &Connection, port: PortId) -> Result<()> {
    let action = &states::DETACH_INTERFACE;
    let mut server = asked.open_for(connection, action)?;
    let params = serde_json::to_value(Params { port })?;
    asked.begin(connection, &mut server, action, &DETACH, params)
}
