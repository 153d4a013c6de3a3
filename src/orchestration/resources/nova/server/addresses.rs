//! What the attributes of a server say of its addresses.

use std::net::IpAddr;

use kit::error::Result;
use kit::ids::ServerId;
use network::facade::{Kind, Nic};
use serde_json::{Map, Value};

use super::super::delegated;
use crate::resources::{Look, neutron};

/// `addresses`: as compute shows them, each with its port and what the network service shows of
/// its network and subnets; by the names of the networks and by their ids.
pub(super) fn detailed(look: &Look<'_>, mut shown: Value) -> Result<Value> {
    let nics = nics(look)?;
    let mut addresses = shown.get_mut("addresses").map(Value::take).unwrap_or_default();
    let lists = addresses.as_object_mut().into_iter().flatten().map(|(_, list)| list);
    let rows = lists.filter_map(Value::as_array_mut).flatten().filter_map(Value::as_object_mut);
    for row in rows {
        let nic = of_address(&nics, row);
        row.insert("port".to_owned(), nic.map(|nic| nic.port.as_str()).into());
        row.insert("subnets".to_owned(), shown_of(nic, |nic| subnets(look, nic))?);
        row.insert("network".to_owned(), shown_of(nic, |nic| network(look, nic))?);
    }
    Ok(under_ids_too(addresses, &nics))
}

/// `networks`: the addresses alone, by the names of the networks and by their ids.
pub(super) fn of_networks(look: &Look<'_>, shown: &Value) -> Result<Value> {
    Ok(under_ids_too(Value::Object(by_name(shown)), &nics(look)?))
}

/// The first address; empty without one.
pub(in crate::resources) fn first_address(shown: &Value) -> String {
    let networks = by_name(shown);
    let mut all = networks.values().filter_map(Value::as_array).flatten();
    all.find_map(Value::as_str).unwrap_or_default().to_owned()
}

fn by_name(shown: &Value) -> Map<String, Value> {
    let addresses = shown.get("addresses").and_then(Value::as_object);
    let of = |list: &Value| -> Value {
        let rows = list.as_array().into_iter().flatten();
        rows.filter_map(|row| row.get("addr").cloned()).collect()
    };
    addresses.into_iter().flatten().map(|(name, list)| (name.clone(), of(list))).collect()
}

fn nics(look: &Look<'_>) -> Result<Vec<Nic>> {
    let caller = look.hand.caller(look.stack)?;
    let id = ServerId::from(look.physical());
    delegated(look.hand, look.stack, &caller, |delegate| delegate.interfaces(&id))
}

fn of_address<'a>(nics: &'a [Nic], row: &Map<String, Value>) -> Option<&'a Nic> {
    let address: IpAddr = row.get("addr")?.as_str()?.parse().ok()?;
    nics.iter().find(|nic| nic.addresses.iter().any(|(one, _)| *one == address))
}

fn shown_of(nic: Option<&Nic>, show: impl Fn(&Nic) -> Result<Value>) -> Result<Value> {
    nic.map_or(Ok(Value::Null), show)
}

fn network(look: &Look<'_>, nic: &Nic) -> Result<Value> {
    neutron::show(look, Kind::Network, nic.network.as_str())
}

fn subnets(look: &Look<'_>, nic: &Nic) -> Result<Value> {
    let ids = nic.addresses.iter().map(|(_, subnet)| subnet);
    ids.map(|id| neutron::show(look, Kind::Subnet, id.as_str())).collect()
}

fn under_ids_too(mut networks: Value, nics: &[Nic]) -> Value {
    let Some(lists) = networks.as_object_mut() else { return networks };
    for nic in nics {
        if let Some(list) = lists.get(&nic.network_name).cloned() {
            lists.insert(nic.network.to_string(), list);
        }
    }
    networks
}
