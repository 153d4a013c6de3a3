//! The SQL of ports, their addresses and their security groups.

use std::collections::BTreeSet;

use kit::Result;
use kit::clock::Time;
use kit::ids::{NetworkId, PortId, ProjectId, SecurityGroupId, ServerId};
use kit::policy::Guarded;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::model::{FixedIp, Port, PortStatus};
use crate::listing::store::Column::{Addresses, Among, Is};
use crate::listing::store::Pages;
use crate::standard::Standard;
use crate::{floating_ips, port_forwardings};

const SELECT: &str = "SELECT p.*, n.project AS network_project, n.shared AS network_shared,
        (SELECT json_group_array(json_object('subnet_id', subnet, 'ip_address', address)) FROM
            (SELECT subnet, address FROM port_address WHERE port = p.id ORDER BY position))
            AS fixed_ips,
        (SELECT json_group_array(security_group) FROM port_security_group WHERE port = p.id)
            AS security_groups
    FROM port p JOIN network n ON n.id = p.network";

/// What pages of the list are read from.
pub(crate) static PAGES: Pages = Pages {
    table: "port",
    seen: "+project = (SELECT project FROM caller) OR +network IN (SELECT id FROM network
            WHERE project = (SELECT project FROM caller))",
    columns: &[
        ("name", Is("name")),
        ("description", Is("description")),
        ("network_id", Is("network")),
        ("admin_state_up", Is("admin_state_up")),
        ("mac_address", Is("mac")),
        ("fixed_ips", Addresses),
        ("device_id", Is("device_id")),
        ("device_owner", Is("device_owner")),
        ("status", Is("iif(admin_state_up, status, 'DOWN')")),
        ("security_groups", Among("SELECT port FROM port_security_group", "security_group")),
        ("port_security_enabled", Is("port_security_enabled")),
        ("binding:host_id", Is("host")),
        ("binding:vnic_type", Is("vnic_type")),
    ],
};

/// The port, for whoever the rules allow.
pub(crate) fn get(connection: &Connection, id: &PortId) -> Result<Option<Guarded<Port>>> {
    Ok(get_for_system(connection, id)?.map(Port::guarded))
}

/// The port, for the house itself.
pub(crate) fn get_for_system(connection: &Connection, id: &PortId) -> Result<Option<Port>> {
    Ok(connection
        .prepare_cached(&format!("{SELECT} WHERE p.id = ?1"))?
        .query_row([id], read)
        .optional()?)
}

/// Ports of a project and those on its networks, all of them without a project.
pub(crate) fn list(
    connection: &Connection,
    project: Option<&ProjectId>,
) -> Result<Vec<Guarded<Port>>> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE ?1 IS NULL OR p.project = ?1 OR n.project = ?1
         ORDER BY p.created_at, p.id"
    ))?;
    let rows = statement.query_map([project], read)?;
    rows.map(|row| Ok(row?.guarded())).collect()
}

/// The ports of a device, in the order of its interfaces.
pub(crate) fn of_device(connection: &Connection, device: &ServerId) -> Result<Vec<Port>> {
    let mut statement = connection
        .prepare_cached(&format!("{SELECT} WHERE p.device_id = ?1 ORDER BY p.nic, p.id"))?;
    let rows = statement.query_map([device], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The servers that have an interface with several addresses of one IP version, which a colon tells
/// from the other, or one whose cable is out.
pub(crate) fn special(connection: &Connection) -> Result<BTreeSet<ServerId>> {
    let mut statement = connection.prepare_cached(
        "SELECT p.device_id FROM port_address a JOIN port p ON p.id = a.port
         WHERE p.device_owner LIKE 'compute:%'
         GROUP BY a.port, instr(a.address, ':') > 0 HAVING count(*) > 1
         UNION
         SELECT device_id FROM port WHERE device_owner LIKE 'compute:%' AND NOT admin_state_up",
    )?;
    let rows = statement.query_map([], |row| row.get::<_, ServerId>(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The servers of ports that were taken down or up since somebody looked, and the last note of it.
pub(crate) fn due_cables(connection: &Connection) -> Result<Option<(i64, BTreeSet<ServerId>)>> {
    let mut statement =
        connection.prepare_cached("SELECT position, server FROM cable_due ORDER BY position")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let notes: Vec<(i64, ServerId)> = rows.collect::<rusqlite::Result<_>>()?;
    let last = notes.last().map(|(position, _)| *position);
    Ok(last.map(|last| (last, notes.into_iter().map(|(_, server)| server).collect())))
}

/// Forgets the notes up to this one.
pub(crate) fn forget_due_cables(connection: &Connection, last: i64) -> Result<()> {
    connection.prepare_cached("DELETE FROM cable_due WHERE position <= ?1")?.execute([last])?;
    Ok(())
}

/// The ports of a device that is no server.
pub(crate) fn of_owner(connection: &Connection, device: &str) -> Result<Vec<Port>> {
    let mut statement = connection
        .prepare_cached(&format!("{SELECT} WHERE p.device_id = ?1 ORDER BY p.created_at, p.id"))?;
    let rows = statement.query_map([device], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The ports of several devices, in the order of each one's interfaces.
pub(crate) fn of_devices(connection: &Connection, devices: &[ServerId]) -> Result<Vec<Port>> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE p.device_id IN (SELECT value FROM json_each(?1)) ORDER BY p.nic, p.id"
    ))?;
    let rows = statement.query_map([Json(devices)], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The ids of the ports of a network.
pub(crate) fn of_network(connection: &Connection, network: &NetworkId) -> Result<Vec<PortId>> {
    let mut statement = connection
        .prepare_cached("SELECT id FROM port WHERE network = ?1 ORDER BY created_at, id")?;
    let rows = statement.query_map([network], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Who has an address, and for which project.
pub(crate) fn holder_of(
    connection: &Connection,
    address: &str,
) -> Result<Option<(String, ProjectId)>> {
    Ok(connection
        .prepare_cached(
            "SELECT p.device_id, p.project FROM port_address a JOIN port p ON p.id = a.port
             WHERE a.address = ?1 AND p.device_owner LIKE 'compute:%'",
        )?
        .query_row([address], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// The devices with an address in which one of these texts is found.
pub(crate) fn devices_with_address(
    connection: &Connection,
    needles: &[String],
) -> Result<Vec<ServerId>> {
    let mut query = connection.prepare_cached(
        "SELECT DISTINCT p.device_id FROM port_address a JOIN port p ON p.id = a.port
         WHERE p.device_id <> ''
           AND EXISTS (SELECT 1 FROM json_each(?1) WHERE instr(a.address, value))",
    )?;
    let rows = query.query_map([Json(needles)], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether a MAC is taken.
pub(crate) fn has_mac(connection: &Connection, mac: &str) -> Result<bool> {
    Ok(connection.prepare_cached("SELECT 1 FROM port WHERE mac = ?1")?.exists([mac])?)
}

/// How many a project has.
pub(crate) fn count(connection: &Connection, project: &ProjectId) -> Result<i64> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM port WHERE project = ?1")?
        .query_row([project], |row| row.get(0))?)
}

/// Puts a new one in, with its addresses and groups.
pub(crate) fn insert(connection: &Connection, port: &Port) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO port (id, project, network, name, description, mac, admin_state_up,
                status, device_id, device_owner, host, vnic_type, profile, made_by_compute, nic,
                device_tag, allowed_address_pairs, port_security_enabled, tags, revision, created_at, updated_at)
             VALUES (:id, :project, :network, :name, :description, :mac, :admin_state_up,
                :status, :device_id, :device_owner, :host, :vnic_type, :profile,
                :made_by_compute, :nic, :device_tag, :pairs, :port_security_enabled, :tags,
                :revision, :created_at, :updated_at)",
        )?
        .execute(named_params! {
            ":id": port.id, ":project": port.project, ":network": port.network,
            ":name": port.name, ":description": port.description, ":mac": port.mac,
            ":admin_state_up": port.admin_state_up, ":status": port.status,
            ":device_id": port.device_id, ":device_owner": port.device_owner,
            ":host": port.host, ":vnic_type": port.vnic_type, ":profile": Json(&port.profile),
            ":made_by_compute": port.made_by_compute, ":nic": port.nic,
            ":device_tag": port.device_tag, ":pairs": Json(&port.allowed_address_pairs),
            ":port_security_enabled": port.port_security_enabled,
            ":tags": Json(&port.standard.tags),
            ":revision": port.standard.revision, ":created_at": port.standard.created_at,
            ":updated_at": port.standard.updated_at,
        })?;
    set_addresses(connection, &port.id, &port.fixed_ips)?;
    set_groups(connection, &port.id, &port.security_groups)
}

/// Writes what may change, addresses and groups apart, and counts the change.
pub(crate) fn update(connection: &Connection, port: &Port, now: Time) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE port SET name = :name, description = :description, mac = :mac,
                admin_state_up = :admin_state_up, status = :status, device_id = :device_id,
                device_owner = :device_owner, host = :host, vnic_type = :vnic_type,
                profile = :profile, nic = :nic, device_tag = :device_tag,
                allowed_address_pairs = :pairs,
                port_security_enabled = :port_security_enabled,
                revision = revision + 1, updated_at = :now
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": port.id, ":name": port.name, ":description": port.description,
            ":mac": port.mac, ":admin_state_up": port.admin_state_up, ":status": port.status,
            ":device_id": port.device_id, ":device_owner": port.device_owner,
            ":host": port.host, ":vnic_type": port.vnic_type, ":profile": Json(&port.profile),
            ":nic": port.nic, ":device_tag": port.device_tag,
            ":pairs": Json(&port.allowed_address_pairs),
            ":port_security_enabled": port.port_security_enabled, ":now": now,
        })?;
    Ok(())
}

/// Makes it as if compute had made it.
pub(crate) fn leave_to_compute(connection: &Connection, id: &PortId) -> Result<()> {
    connection
        .prepare_cached("UPDATE port SET made_by_compute = 1 WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

/// Replaces the addresses of a port.
pub(crate) fn set_addresses(
    connection: &Connection,
    id: &PortId,
    fixed_ips: &[FixedIp],
) -> Result<()> {
    connection.prepare_cached("DELETE FROM port_address WHERE port = ?1")?.execute([id])?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO port_address (port, subnet, address, position) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for (position, fixed) in (0_i64..).zip(fixed_ips) {
        insert.execute((id, &fixed.subnet_id, fixed.ip_address.to_string(), position))?;
    }
    Ok(())
}

/// Replaces the security groups of a port.
pub(crate) fn set_groups(
    connection: &Connection,
    id: &PortId,
    groups: &[SecurityGroupId],
) -> Result<()> {
    connection.prepare_cached("DELETE FROM port_security_group WHERE port = ?1")?.execute([id])?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO port_security_group (port, security_group) VALUES (?1, ?2)
         ON CONFLICT DO NOTHING",
    )?;
    for group in groups {
        insert.execute((id, group))?;
    }
    Ok(())
}

/// Says of all ports of a device whether they carry traffic.
pub(crate) fn set_status(
    connection: &Connection,
    device: &ServerId,
    status: PortStatus,
    now: Time,
) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE port SET status = ?2, revision = revision + 1, updated_at = ?3
             WHERE device_id = ?1 AND status <> ?2",
        )?
        .execute((device, status, now))?;
    Ok(())
}

/// Takes it away, with its addresses; floating IPs that lead there, or ports of them, go to rest.
pub(crate) fn delete(connection: &Connection, id: &PortId) -> Result<()> {
    floating_ips::store::leave_port(connection, id)?;
    port_forwardings::store::leave_port(connection, id)?;
    connection.prepare_cached("DELETE FROM port WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Port> {
    Ok(Port {
        id: row.get("id")?,
        project: row.get("project")?,
        network: row.get("network")?,
        network_project: row.get("network_project")?,
        network_shared: row.get("network_shared")?,
        name: row.get("name")?,
        description: row.get("description")?,
        mac: row.get("mac")?,
        admin_state_up: row.get("admin_state_up")?,
        status: row.get("status")?,
        device_id: row.get("device_id")?,
        device_owner: row.get("device_owner")?,
        host: row.get("host")?,
        vnic_type: row.get("vnic_type")?,
        profile: json_column(row, "profile")?,
        made_by_compute: row.get("made_by_compute")?,
        nic: row.get("nic")?,
        device_tag: row.get("device_tag")?,
        fixed_ips: json_column(row, "fixed_ips")?,
        security_groups: json_column(row, "security_groups")?,
        allowed_address_pairs: json_column(row, "allowed_address_pairs")?,
        port_security_enabled: row.get("port_security_enabled")?,
        standard: Standard::from_row(row)?,
    })
}
