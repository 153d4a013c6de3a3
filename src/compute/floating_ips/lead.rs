//! `addFloatingIp` and `removeFloatingIp`, below 2.44. Neither a lock nor a task holds them up, and
//! the journal does not list them, as in Nova; the guest gets the address from the reconciler of
//! the network service, as if that had been asked.

use std::net::IpAddr;

use kit::Kind;
use kit::error::{Error, Result};
use kit::policy::Target;
use network::facade::{Delegate, Kind as Thing, nics_of};
use network::floating_ips::model::FloatingIp;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::logic::server_of;
use crate::servers::logic::Asked;

/// Leads the floating IP to an address of the server: the first of version 4 if none is named.
pub(crate) fn to_server(
    asked: &Asked,
    connection: &Connection,
    address: IpAddr,
    fixed: Option<IpAddr>,
) -> Result<()> {
    let server = asked.open(connection)?;
    let nics = nics_of(connection, &server.id)?;
    if nics.is_empty() {
        return Err(Error::bad_request("Instance network is not ready yet"));
    }
    let addresses =
        || nics.iter().flat_map(|nic| nic.addresses.iter().map(move |(ip, _)| (*ip, nic)));
    if addresses().next().is_none() {
        return Err(Error::bad_request("No fixed IPs associated to instance"));
    }
    let meant = match fixed {
        Some(fixed) => addresses()
            .find(|(ip, _)| *ip == fixed)
            .ok_or_else(|| Error::bad_request("Specified fixed address not assigned to instance")),
        None => addresses().find(|(ip, _)| ip.is_ipv4()).ok_or_else(|| {
            let id = &asked.id;
            Error::bad_request(format!(
                "Unable to associate floating IP {address} to any fixed IPs for instance {id}. \
                 Instance has no fixed IPv4 addresses to associate."
            ))
        }),
    };
    let (fixed, nic) = meant?;
    let network = network_of(asked, connection);
    let missing = |_| Error::not_found("floating IP not found");
    let row = at(network, address).map_err(missing)?;
    let change = [("port_id", json!(nic.port)), ("fixed_ip_address", json!(fixed))];
    lead(network, &row, change).map_err(|error| unable(asked, error, address, fixed))
}

/// Leads the floating IP away from the server.
pub(crate) fn away(asked: &Asked, connection: &Connection, address: IpAddr) -> Result<()> {
    let network = network_of(asked, connection);
    let row = at(network, address)?;
    let led_to = server_of(network, &row);
    // Nova: the rule is asked of the server that the address leads to, not of the one named.
    if let Some(id) = led_to.clone() {
        Asked { id, ..asked.clone() }.open(connection)?;
    } else {
        asked.platform.policy.authorize(asked.rule, &asked.caller, &Target::none())?;
    }
    if led_to.as_ref() != Some(&asked.id) {
        let id = &asked.id;
        return Err(Error::conflict(format!(
            "Floating IP {address} is not associated with instance {id}."
        )));
    }
    lead(network, &row, [("port_id", Value::Null)])
}

fn network_of<'a>(asked: &'a Asked, connection: &'a Connection) -> Delegate<'a> {
    Delegate { platform: &asked.platform, connection, caller: &asked.caller, now: asked.now }
}

/// The only floating IP of this address that the caller sees.
fn at(network: Delegate<'_>, address: IpAddr) -> Result<FloatingIp> {
    let mut found = network.floating_ips()?;
    found.retain(|row| row.address == address);
    match (found.pop(), found.is_empty()) {
        (Some(row), true) => Ok(row),
        (None, _) => Err(Error::not_found(format!("Floating IP not found for address {address}."))),
        (Some(_), false) => {
            Err(Error::conflict(format!("Multiple floating IPs are found for address {address}.")))
        }
    }
}

fn lead<const N: usize>(
    network: Delegate<'_>,
    row: &FloatingIp,
    change: [(&str, Value); N],
) -> Result<()> {
    let change: Map<String, Value> =
        change.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    network.update(Thing::FloatingIp, row.id.as_str(), change)
}

/// Nova: a conflict in the network service's words, whatever else with its own before them.
fn unable(asked: &Asked, error: Error, address: IpAddr, fixed: IpAddr) -> Error {
    if error.kind == Kind::Forbidden {
        return error;
    }
    if error.kind == Kind::Conflict {
        return Error::bad_request(error.public);
    }
    Error::bad_request(format!(
        "Unable to associate floating IP {address} to fixed IP {fixed} for instance {}. Error: {}",
        asked.id, error.public
    ))
}
