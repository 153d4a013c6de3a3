//! The SQL of floating IPs.

use std::net::IpAddr;

use kit::Result;
use kit::clock::Time;
use kit::ids::{FloatingIpId, NetworkId, PortId, ProjectId, RouterId, SubnetId};
use kit::policy::Guarded;
use kit::store::Json;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::model::{Association, FloatingIp};
use crate::listing::store::Column::Is;
use crate::listing::store::{OWN, Pages};
use crate::port_forwardings;
use crate::standard::{Standard, parsed};

/// What pages of the list are read from.
pub(crate) static PAGES: Pages = Pages {
    table: "floating_ip",
    seen: OWN,
    columns: &[
        ("floating_ip_address", Is("address")),
        ("floating_network_id", Is("network")),
        ("router_id", Is("router")),
        ("port_id", Is("port")),
        ("fixed_ip_address", Is("fixed_address")),
        ("description", Is("description")),
        ("status", Is("status")),
    ],
};

/// The floating IP, for whoever the rules allow.
pub(crate) fn get(
    connection: &Connection,
    id: &FloatingIpId,
) -> Result<Option<Guarded<FloatingIp>>> {
    let row = connection
        .prepare_cached("SELECT * FROM floating_ip WHERE id = ?1")?
        .query_row([id], read)
        .optional()?;
    row.map(|row| Ok(with_forwardings(connection, row)?.guarded())).transpose()
}

/// Floating IPs of a project, all of them without one; the oldest first.
pub(crate) fn list(
    connection: &Connection,
    project: Option<&ProjectId>,
) -> Result<Vec<Guarded<FloatingIp>>> {
    let mut statement = connection.prepare_cached(
        "SELECT * FROM floating_ip WHERE ?1 IS NULL OR project = ?1 ORDER BY created_at, id",
    )?;
    let rows = statement.query_map([project], read)?;
    rows.map(|row| Ok(with_forwardings(connection, row?)?.guarded())).collect()
}

/// The row with its ports that lead somewhere, which most have none of.
fn with_forwardings(connection: &Connection, row: FloatingIp) -> Result<FloatingIp> {
    if row.forwards_by.is_none() {
        return Ok(row);
    }
    let forwardings = port_forwardings::store::of_floating_ip(connection, &row.id)?;
    Ok(FloatingIp { forwardings, ..row })
}

/// Those of an external network that lead nowhere.
pub(crate) fn idle(connection: &Connection, network: &NetworkId) -> Result<Vec<FloatingIp>> {
    let mut statement = connection
        .prepare_cached("SELECT * FROM floating_ip WHERE network = ?1 AND router IS NULL")?;
    let rows = statement.query_map([network], read)?;
    rows.map(|row| Ok(row?)).collect()
}

/// How many a project has.
pub(crate) fn count(connection: &Connection, project: &ProjectId) -> Result<i64> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM floating_ip WHERE project = ?1")?
        .query_row([project], |row| row.get(0))?)
}

/// Whether there is one at all.
pub(crate) fn any(connection: &Connection) -> Result<bool> {
    Ok(connection.prepare_cached("SELECT 1 FROM floating_ip")?.exists([])?)
}

/// Puts a new one in.
pub(crate) fn insert(connection: &Connection, row: &FloatingIp) -> Result<()> {
    let to = row.association.as_ref();
    connection
        .prepare_cached(
            "INSERT INTO floating_ip (id, project, description, network, own_port, address, port,
                fixed_address, router, status, tags, revision, created_at, updated_at)
             VALUES (:id, :project, :description, :network, :own_port, :address, :port,
                :fixed_address, :router, :status, :tags, :revision, :created_at, :updated_at)",
        )?
        .execute(named_params! {
            ":id": row.id, ":project": row.project, ":description": row.description,
            ":network": row.network, ":own_port": row.own_port,
            ":address": row.address.to_string(), ":port": to.map(|to| &to.port),
            ":fixed_address": to.map(|to| to.fixed_address.to_string()),
            ":router": row.router(), ":status": row.status,
            ":tags": Json(&row.standard.tags), ":revision": row.standard.revision,
            ":created_at": row.standard.created_at, ":updated_at": row.standard.updated_at,
        })?;
    Ok(())
}

/// Writes what may change, and counts the change.
pub(crate) fn update(connection: &Connection, row: &FloatingIp, now: Time) -> Result<()> {
    let to = row.association.as_ref();
    connection
        .prepare_cached(
            "UPDATE floating_ip SET description = :description, port = :port,
                fixed_address = :fixed_address, router = :router, status = :status,
                revision = revision + 1, updated_at = :now
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": row.id, ":description": row.description, ":port": to.map(|to| &to.port),
            ":fixed_address": to.map(|to| to.fixed_address.to_string()),
            ":router": row.router(), ":status": row.status, ":now": now,
        })?;
    Ok(())
}

/// Takes it away.
pub(crate) fn delete(connection: &Connection, id: &FloatingIpId) -> Result<()> {
    connection.prepare_cached("DELETE FROM floating_ip WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Lays to rest those that lead to a port, which is about to go.
pub(crate) fn leave_port(connection: &Connection, port: &PortId) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE floating_ip SET port = NULL, fixed_address = NULL, router = NULL,
                status = 'DOWN', revision = revision + 1
             WHERE port = ?1",
        )?
        .execute([port])?;
    Ok(())
}

/// Whether another of the same network leads to the address of a port.
pub(crate) fn has_another(
    connection: &Connection,
    row: &FloatingIp,
    port: &PortId,
    fixed: IpAddr,
) -> Result<bool> {
    let sql = "SELECT 1 FROM floating_ip
               WHERE port = ?1 AND fixed_address = ?2 AND network = ?3 AND id <> ?4";
    let key = (port, fixed.to_string(), &row.network, &row.id);
    Ok(connection.prepare_cached(sql)?.exists(key)?)
}

/// Whether the device of a port is on an external network already: by a port there, or by another
/// floating IP.
pub(crate) fn device_is_on(
    connection: &Connection,
    device: &str,
    network: &NetworkId,
    but: &FloatingIpId,
) -> Result<bool> {
    let sql = "SELECT 1 FROM port WHERE device_id = ?1 AND network = ?2
               UNION ALL
               SELECT 1 FROM floating_ip f JOIN port p ON p.id = f.port
               WHERE p.device_id = ?1 AND f.network = ?2 AND f.id <> ?3";
    Ok(connection.prepare_cached(sql)?.exists((device, network, but))?)
}

/// Whether some lead through a router, or some of their ports.
pub(crate) fn lead_through(connection: &Connection, router: &RouterId) -> Result<bool> {
    let sql = "SELECT 1 FROM floating_ip WHERE router = ?1";
    Ok(connection.prepare_cached(sql)?.exists([router])?)
}

/// Whether some lead through a router to a subnet, or some of their ports.
pub(crate) fn lead_to_subnet(
    connection: &Connection,
    router: &RouterId,
    subnet: &SubnetId,
) -> Result<bool> {
    let sql = "SELECT 1 FROM floating_ip f
                JOIN port_address a ON a.port = f.port AND a.address = f.fixed_address
               WHERE f.router = ?1 AND a.subnet = ?2
               UNION ALL
               SELECT 1 FROM floating_ip f JOIN port_forwarding w ON w.floating_ip = f.id
                JOIN port_address a ON a.port = w.port AND a.address = w.address
               WHERE f.router = ?1 AND a.subnet = ?2";
    Ok(connection.prepare_cached(sql)?.exists((router, subnet))?)
}

/// What leads to a device by a router at work, to a port that is up, the oldest first.
pub(crate) fn of_device(connection: &Connection, device: &str) -> Result<Vec<Leading>> {
    let mut statement = connection.prepare_cached(
        "SELECT f.port, f.network, f.address, own.mac
         FROM port p JOIN floating_ip f ON f.port = p.id JOIN port own ON own.id = f.own_port
            JOIN router r ON r.id = f.router AND r.admin_state_up
         WHERE p.device_id = ?1 AND p.admin_state_up ORDER BY f.created_at, f.id",
    )?;
    let rows = statement.query_map([device], |row| {
        Ok(Leading {
            port: row.get("port")?,
            network: row.get("network")?,
            address: parsed(row, "address")?,
            mac: row.get("mac")?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The addresses that lead to a port, the oldest first.
pub(crate) fn of_port(connection: &Connection, port: &PortId) -> Result<Vec<IpAddr>> {
    let sql = "SELECT address FROM floating_ip WHERE port = ?1 ORDER BY created_at, id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([port], |row| parsed(row, "address"))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// An address that leads to a device.
#[derive(Clone, Debug)]
pub(crate) struct Leading {
    pub(crate) port: PortId,
    pub(crate) network: NetworkId,
    pub(crate) address: IpAddr,
    pub(crate) mac: String,
}

/// Those that shall lead to a port that is up by a router at work and are not known to, at which revision.
pub(crate) fn waiting(connection: &Connection) -> Result<Vec<(FloatingIpId, i64)>> {
    let mut statement = connection.prepare_cached(
        "SELECT f.id, f.revision FROM floating_ip f
            JOIN router r ON r.id = f.router JOIN port p ON p.id = f.port
         WHERE f.status = 'DOWN' AND r.admin_state_up AND p.admin_state_up",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Says of one that it leads where it shall, unless it has changed since.
pub(crate) fn activate(
    connection: &Connection,
    id: &FloatingIpId,
    revision: i64,
    now: Time,
) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE floating_ip SET status = 'ACTIVE', revision = revision + 1, updated_at = ?3
             WHERE id = ?1 AND revision = ?2",
        )?
        .execute((id, revision, now))?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<FloatingIp> {
    let port: Option<PortId> = row.get("port")?;
    let forwards_by = if port.is_none() { row.get("router")? } else { None };
    let association = match port {
        None => None,
        Some(port) => Some(Association {
            port,
            fixed_address: parsed(row, "fixed_address")?,
            router: row.get("router")?,
        }),
    };
    Ok(FloatingIp {
        id: row.get("id")?,
        project: row.get("project")?,
        description: row.get("description")?,
        network: row.get("network")?,
        own_port: row.get("own_port")?,
        address: parsed(row, "address")?,
        association,
        forwards_by,
        forwardings: Vec::new(),
        status: row.get("status")?,
        standard: Standard::from_row(row)?,
    })
}
