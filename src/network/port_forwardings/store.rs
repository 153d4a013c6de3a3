//! The SQL of port forwardings.

use std::net::{IpAddr, Ipv4Addr};

use kit::Result;
use kit::clock::Time;
use kit::engine::{Forward, PortRange};
use kit::ids::{FloatingIpId, NetworkId, PortForwardingId, PortId, ProjectId, RouterId};
use kit::policy::Guarded;
use rusqlite::{Connection, OptionalExtension, Params, Row, named_params};

use super::model::{Inside, PortForwarding, Protocol};
use crate::networks::model::Network;
use crate::standard::parsed;

const SELECT: &str = "SELECT w.*, f.project AS owner
    FROM port_forwarding w JOIN floating_ip f ON f.id = w.floating_ip";

/// The port forwarding, for whoever the rules allow.
pub(crate) fn get(
    connection: &Connection,
    id: &PortForwardingId,
) -> Result<Option<Guarded<PortForwarding>>> {
    let row = connection
        .prepare_cached(&format!("{SELECT} WHERE w.id = ?1"))?
        .query_row([id], guarded)
        .optional()?;
    Ok(row)
}

/// Those of the floating IPs of a project, all of them without one; the oldest first.
pub(crate) fn list(
    connection: &Connection,
    project: Option<&ProjectId>,
) -> Result<Vec<Guarded<PortForwarding>>> {
    let mut statement = connection
        .prepare_cached(&format!("{SELECT} WHERE ?1 IS NULL OR f.project = ?1 ORDER BY w.rowid"))?;
    let rows = statement.query_map([project], guarded)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Those of a floating IP, the oldest first.
pub(crate) fn of_floating_ip(
    connection: &Connection,
    id: &FloatingIpId,
) -> Result<Vec<PortForwarding>> {
    select(connection, "SELECT * FROM port_forwarding WHERE floating_ip = ?1 ORDER BY rowid", [id])
}

/// Those that lead to a port, the oldest first.
pub(crate) fn of_port(connection: &Connection, id: &PortId) -> Result<Vec<PortForwarding>> {
    select(connection, "SELECT * FROM port_forwarding WHERE port = ?1 ORDER BY rowid", [id])
}

fn select(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
) -> Result<Vec<PortForwarding>> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Puts a new one in.
pub(crate) fn insert(connection: &Connection, row: &PortForwarding) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO port_forwarding (id, floating_ip, description, protocol, external_first,
                external_last, port, address, internal_first, internal_last, revision)
             VALUES (:id, :floating_ip, :description, :protocol, :external_first,
                :external_last, :port, :address, :internal_first, :internal_last, :revision)",
        )?
        .execute(named_params! {
            ":id": row.id, ":floating_ip": row.floating_ip, ":description": row.description,
            ":protocol": row.inside.protocol, ":external_first": row.external.first,
            ":external_last": row.external.last, ":port": row.inside.port,
            ":address": row.inside.address.to_string(), ":internal_first": row.inside.ports.first,
            ":internal_last": row.inside.ports.last, ":revision": row.revision,
        })?;
    Ok(())
}

/// Writes what may change, and counts the change.
pub(crate) fn update(connection: &Connection, row: &PortForwarding) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE port_forwarding SET description = :description, protocol = :protocol,
                external_first = :external_first, external_last = :external_last, port = :port,
                address = :address, internal_first = :internal_first,
                internal_last = :internal_last, revision = revision + 1
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": row.id, ":description": row.description, ":protocol": row.inside.protocol,
            ":external_first": row.external.first, ":external_last": row.external.last,
            ":port": row.inside.port, ":address": row.inside.address.to_string(),
            ":internal_first": row.inside.ports.first, ":internal_last": row.inside.ports.last,
        })?;
    Ok(())
}

/// Takes it away; a floating IP without any goes to rest.
pub(crate) fn delete(connection: &Connection, id: &PortForwardingId) -> Result<()> {
    connection.prepare_cached("DELETE FROM port_forwarding WHERE id = ?1")?.execute([id])?;
    rest(connection)
}

/// Takes those away that lead to a port, which is about to go.
pub(crate) fn leave_port(connection: &Connection, port: &PortId) -> Result<()> {
    connection.prepare_cached("DELETE FROM port_forwarding WHERE port = ?1")?.execute([port])?;
    rest(connection)
}

/// Takes those away that lead to addresses which a port no longer has.
pub(crate) fn leave_addresses(connection: &Connection, port: &PortId) -> Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM port_forwarding WHERE port = ?1
                AND address NOT IN (SELECT address FROM port_address WHERE port = ?1)",
        )?
        .execute([port])?;
    rest(connection)
}

fn rest(connection: &Connection) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE floating_ip SET router = NULL, status = 'DOWN', revision = revision + 1
             WHERE router IS NOT NULL AND port IS NULL
                AND id NOT IN (SELECT floating_ip FROM port_forwarding)",
        )?
        .execute([])?;
    Ok(())
}

/// What the engine is to lead where, by routers at work; and the external networks of it.
pub(crate) fn forwards(connection: &Connection) -> Result<Vec<(NetworkId, Forward)>> {
    let mut statement = connection.prepare_cached(
        "SELECT w.*, f.network AS outside, f.address AS floating, p.network AS inside
         FROM port_forwarding w JOIN floating_ip f ON f.id = w.floating_ip
            JOIN router r ON r.id = f.router AND r.admin_state_up
            JOIN port p ON p.id = w.port
            JOIN port_address a ON a.port = w.port AND a.address = w.address",
    )?;
    let rows = statement.query_map([], |row| {
        let forwarding = read(row)?;
        let (outside, inside): (NetworkId, NetworkId) = (row.get("outside")?, row.get("inside")?);
        let forward = Forward {
            outside: Network::engine_name(&outside),
            address: parsed(row, "floating")?,
            protocol: forwarding.inside.protocol.into(),
            ports: forwarding.external,
            inside: Network::engine_name(&inside),
            guest: forwarding.inside.address,
            guest_ports: forwarding.inside.ports,
        };
        Ok((outside, forward))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The floating IPs of which ports are to lead somewhere and are not known to, at which revision.
pub(crate) fn waiting(connection: &Connection) -> Result<Vec<(FloatingIpId, i64)>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, revision FROM floating_ip
         WHERE router IS NOT NULL AND port IS NULL AND status = 'DOWN'",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The floating IP that leads to a port as a whole, if there is one.
pub(crate) fn bound_to(
    connection: &Connection,
    port: &PortId,
) -> Result<Option<(FloatingIpId, IpAddr)>> {
    let sql = "SELECT id, address FROM floating_ip WHERE port = ?1 ORDER BY created_at, id";
    let mut statement = connection.prepare_cached(sql)?;
    let row = statement.query_row([port], |row| Ok((row.get("id")?, parsed(row, "address")?)));
    Ok(row.optional()?)
}

/// Sets the router through which ports of a floating IP lead.
pub(crate) fn lead_through(
    connection: &Connection,
    floating_ip: &FloatingIpId,
    router: &RouterId,
    now: Time,
) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE floating_ip SET router = ?2, revision = revision + 1, updated_at = ?3
             WHERE id = ?1",
        )?
        .execute((floating_ip, router, now))?;
    Ok(())
}

fn guarded(row: &Row<'_>) -> rusqlite::Result<Guarded<PortForwarding>> {
    let owner: ProjectId = row.get("owner")?;
    Ok(read(row)?.guarded(&owner))
}

fn read(row: &Row<'_>) -> rusqlite::Result<PortForwarding> {
    let end = |column| row.get::<_, u16>(column);
    let ports = PortRange { first: end("internal_first")?, last: end("internal_last")? };
    let external = PortRange { first: end("external_first")?, last: end("external_last")? };
    let address: Ipv4Addr = parsed(row, "address")?;
    let protocol: Protocol = row.get("protocol")?;
    Ok(PortForwarding {
        id: row.get("id")?,
        floating_ip: row.get("floating_ip")?,
        description: row.get("description")?,
        inside: Inside { port: row.get("port")?, address, protocol, ports },
        external,
        revision: row.get("revision")?,
    })
}
