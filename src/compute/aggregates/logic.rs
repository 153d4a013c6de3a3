//! The rules of host aggregates: check, decide, write (Nova: `compute/api.py::AggregateAPI`).
//!
//! **Invariant:** a host is in one availability zone, and a server stays in the zone it was made
//! in: what would change the zone of a host with servers is refused.

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::http::pyrepr::Repr;
use rusqlite::Connection;
use serde_json::Value;

use super::model::{Aggregate, Changes, ZONE};
use super::store;
use crate::hosts;
use crate::servers::store::host_usage;

/// What is refused, in Nova's words.
#[derive(Clone, Copy)]
enum Refused {
    AddHost,
    RemoveHost,
    Update,
    SetMetadata,
    Delete,
}

impl Refused {
    fn because(self, aggregate: &Aggregate, why: &str) -> Error {
        let id = aggregate.row;
        let add = format!("Cannot add host to aggregate {id}. Reason: {why}.");
        let remove = format!("Cannot remove host from aggregate {id}. Reason: {why}.");
        match self {
            Self::AddHost => Error::conflict(add),
            Self::RemoveHost => Error::conflict(remove),
            // Nova: the same words as for a host.
            Self::Delete => Error::bad_request(remove),
            Self::Update => {
                Error::bad_request(format!("Cannot update aggregate {id}. Reason: {why}."))
            }
            Self::SetMetadata => Error::bad_request(format!(
                "Cannot update metadata of aggregate {id}. Reason: {why}."
            )),
        }
    }
}

/// The aggregate of the path.
pub(crate) fn find(connection: &Connection, id: &str) -> Result<Aggregate> {
    let missing = || Error::not_found(format!("Aggregate {id} could not be found."));
    store::get(connection, integer(id)?)?.ok_or_else(missing)
}

fn integer(id: &str) -> Result<i64> {
    id.parse().map_err(|_| Error::bad_request("Invalid input received: id must be an integer"))
}

/// Adds an aggregate, and its zone if it has one.
pub(crate) fn create(connection: &Connection, mut aggregate: Aggregate) -> Result<Aggregate> {
    check_name(connection, &aggregate)?;
    aggregate.row = store::insert(connection, &aggregate)?;
    let metadata = aggregate.metadata.iter();
    let changes = metadata.map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
    store::put_metadata(connection, aggregate.row, &changes)?;
    Ok(aggregate)
}

/// Changes the name and the zone.
pub(crate) fn update(
    connection: &Connection,
    now: Time,
    id: &str,
    name: Option<String>,
    changes: &Changes,
) -> Result<Aggregate> {
    let mut aggregate = find(connection, id)?;
    aggregate.name = name.unwrap_or(aggregate.name);
    check_name(connection, &aggregate)?;
    check_zone(connection, &aggregate, changes, Refused::Update)?;
    change(connection, now, aggregate, changes)
}

/// Changes the metadata; keys that are not named stay.
pub(crate) fn set_metadata(
    connection: &Connection,
    now: Time,
    id: &str,
    changes: &Changes,
) -> Result<Aggregate> {
    let aggregate = find(connection, id)?;
    check_zone(connection, &aggregate, changes, Refused::SetMetadata)?;
    change(connection, now, aggregate, changes)
}

fn change(
    connection: &Connection,
    now: Time,
    mut aggregate: Aggregate,
    changes: &Changes,
) -> Result<Aggregate> {
    aggregate.updated_at = Some(now);
    store::update(connection, &aggregate)?;
    store::put_metadata(connection, aggregate.row, changes)?;
    reread(connection, aggregate)
}

fn reread(connection: &Connection, aggregate: Aggregate) -> Result<Aggregate> {
    Ok(store::get(connection, aggregate.row)?.unwrap_or(aggregate))
}

/// Removes an aggregate without hosts.
pub(crate) fn delete(connection: &Connection, id: &str) -> Result<()> {
    let aggregate = find(connection, id)?;
    if !aggregate.hosts.is_empty() {
        return Err(Refused::Delete.because(&aggregate, "Host aggregate is not empty"));
    }
    store::delete(connection, aggregate.row)
}

/// Puts a host into an aggregate.
pub(crate) fn add_host(connection: &Connection, id: &str, host: &str) -> Result<Aggregate> {
    integer(id)?;
    if !hosts::store::exists(connection, host)? {
        return Err(Error::not_found(format!("Compute host {host} could not be found.")));
    }
    let aggregate = find(connection, id)?;
    if let Some(zone) = aggregate.zone() {
        let hosts = [host.to_owned()];
        check_one_zone(connection, &aggregate, zone, &hosts, Refused::AddHost)?;
        let before = zone_through_others(connection, host, 0)?;
        if before.as_deref() != Some(zone) {
            let refused = Refused::AddHost;
            check_empty(connection, &aggregate, host, (before.as_deref(), Some(zone)), refused)?;
        }
    }
    if !store::insert_host(connection, aggregate.row, host)? {
        return Err(Error::conflict(format!("Aggregate {id} already has host {host}.")));
    }
    reread(connection, aggregate)
}

/// Takes a host out of an aggregate.
pub(crate) fn remove_host(connection: &Connection, id: &str, host: &str) -> Result<Aggregate> {
    let aggregate = store::get(connection, integer(id)?)?;
    let Some(aggregate) = aggregate.filter(|found| found.hosts.iter().any(|own| own == host))
    else {
        return Err(Error::not_found(format!("Cannot remove host {host} in aggregate {id}")));
    };
    if let Some(zone) = aggregate.zone() {
        let after = zone_through_others(connection, host, aggregate.row)?;
        if after.as_deref() != Some(zone) {
            let refused = Refused::RemoveHost;
            check_empty(connection, &aggregate, host, (Some(zone), after.as_deref()), refused)?;
        }
    }
    store::delete_host(connection, aggregate.row, host)?;
    reread(connection, aggregate)
}

fn check_name(connection: &Connection, aggregate: &Aggregate) -> Result<()> {
    match store::named(connection, &aggregate.name)? {
        Some(row) if row != aggregate.row => {
            Err(Error::conflict(format!("Aggregate {} already exists.", aggregate.name)))
        }
        Some(_) | None => Ok(()),
    }
}

/// Whether the zone of all hosts of an aggregate may become what `changes` say.
fn check_zone(
    connection: &Connection,
    aggregate: &Aggregate,
    changes: &Changes,
    refused: Refused,
) -> Result<()> {
    let Some(zone) = changes.get(ZONE) else { return Ok(()) };
    let Some(zone) = zone.as_deref().filter(|zone| !zone.is_empty()) else {
        let name = &aggregate.name;
        let why = format!("Aggregate {name} does not support empty named availability zone");
        return Err(refused.because(aggregate, &why));
    };
    check_one_zone(connection, aggregate, zone, &aggregate.hosts, refused)?;
    for host in &aggregate.hosts {
        if aggregate.zone() != Some(zone) && host_usage(connection, host)?.servers > 0 {
            let why = "One or more hosts contain instances in this zone";
            return Err(refused.because(aggregate, why));
        }
    }
    Ok(())
}

/// Whether no other aggregate puts one of `hosts` into another zone.
fn check_one_zone(
    connection: &Connection,
    aggregate: &Aggregate,
    zone: &str,
    hosts: &[String],
    refused: Refused,
) -> Result<()> {
    let others = store::list(connection)?;
    let zones: Vec<&str> = others
        .iter()
        .filter(|other| other.row != aggregate.row)
        .filter(|other| other.hosts.iter().any(|host| hosts.contains(host)))
        .filter_map(Aggregate::zone)
        .filter(|other| *other != zone)
        .collect();
    if zones.is_empty() {
        return Ok(());
    }
    let zones = Value::from(zones);
    let why = format!("One or more hosts already in availability zone(s) {}", Repr(&zones));
    Err(refused.because(aggregate, &why))
}

/// The zone that a host is in through other aggregates than this one.
fn zone_through_others(connection: &Connection, host: &str, row: i64) -> Result<Option<String>> {
    let others = store::list(connection)?;
    let mut through = others.iter().filter(|other| other.row != row);
    let zone = through
        .find_map(|other| other.zone().filter(|_| other.hosts.iter().any(|own| own == host)));
    Ok(zone.map(str::to_owned))
}

/// A host that goes from one zone to another must be empty.
fn check_empty(
    connection: &Connection,
    aggregate: &Aggregate,
    host: &str,
    (from, to): (Option<&str>, Option<&str>),
    refused: Refused,
) -> Result<()> {
    let servers = host_usage(connection, host)?.servers;
    if servers == 0 {
        return Ok(());
    }
    let done = if matches!(refused, Refused::RemoveHost) { "removed from" } else { "added to" };
    // Nova: no zone is Python's `None`; the sentence has a full stop of its own.
    let (from, to) = (from.unwrap_or("None"), to.unwrap_or("None"));
    let why = format!(
        "The host cannot be {done} the aggregate as the availability zone of the host would \
         change from '{from}' to '{to}' but the host already has {servers} instance(s). Changing \
         the AZ of an existing instance is not supported by this action. Move the instances away \
         from this host then try again. If you need to move the instances between AZs then you \
         can use shelve_offload and unshelve to achieve this."
    );
    Err(refused.because(aggregate, &why))
}
