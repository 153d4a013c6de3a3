//! The rules of interfaces (Nova: `attach_interfaces.py`).

use std::collections::BTreeSet;

use kit::error::{Error, Kind, Result};
use kit::ids::{NetworkId, PortId, SecurityGroupId};
use network::facade::{Binding, NetworkRequest, Nic, RequestedNic};
use rusqlite::Connection;

use super::attach::ATTACH;
use super::detach::DETACH;
use super::exchange::EXCHANGE;
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

/// Gives the server a port and promises it to the guest.
pub(crate) fn attach(asked: &Asked, connection: &Connection, wanted: RequestedNic) -> Result<Nic> {
    let action = &states::ATTACH_INTERFACE;
    let mut server = asked.open_for(connection, action)?;
    let nic = give_port(asked, connection, &server, wanted, &[])?;
    check(connection, &server, &[])?;
    let params = Params { come: vec![nic.port.clone()], ..Params::default() };
    asked.begin(connection, &mut server, action, &ATTACH, serde_json::to_value(params)?)?;
    Ok(nic)
}

/// Gives the server ports, of these groups if they are made for it, and promises them to the guest
/// in place of those that are to go. The answer is the new ones.
pub(crate) fn exchange(
    asked: &Asked,
    connection: &Connection,
    gone: Vec<PortId>,
    wanted: Vec<RequestedNic>,
    groups: &[SecurityGroupId],
) -> Result<Vec<PortId>> {
    let action = &states::ATTACH_INTERFACE;
    let mut server = asked.open_for(connection, action)?;
    let give = |wanted| Ok(give_port(asked, connection, &server, wanted, groups)?.port);
    let come = wanted.into_iter().map(give).collect::<Result<Vec<_>>>()?;
    check(connection, &server, &gone)?;
    let params = serde_json::to_value(Params { come: come.clone(), gone })?;
    asked.begin(connection, &mut server, action, &EXCHANGE, params)?;
    Ok(come)
}

/// Whether a guest can have the server's interfaces when some have gone.
fn check(connection: &Connection, server: &Server, gone: &[PortId]) -> Result<()> {
    let mut nics = network::facade::nics_of(connection, &server.id)?;
    nics.retain(|nic| !gone.contains(&nic.port));
    let networks: BTreeSet<&NetworkId> = nics.iter().map(|nic| &nic.network).collect();
    let shares_network = server.container.as_ref().is_some_and(|own| own.beside.is_some());
    if !shares_network && networks.len() == nics.len() {
        return Ok(());
    }
    let id = &server.id;
    Err(Error::bad_request(format!("Attaching interfaces is not supported for instance {id}.")))
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
        network::facade::validate_requests(platform, connection, &asked.caller, &request, 1);
    let binding = Binding {
        project: &server.project_id,
        server: &server.id,
        host: server.host.as_deref().unwrap_or_default(),
        security_groups: groups,
        port_security: None,
    };
    let allocate =
        |planned| network::facade::allocate(platform, connection, asked.now, &binding, &planned);
    let nics = planned.and_then(allocate).map_err(retold)?;
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
    let params = serde_json::to_value(Params { gone: vec![port], ..Params::default() })?;
    asked.begin(connection, &mut server, action, &DETACH, params)
}
