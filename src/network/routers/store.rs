//! The SQL of routers.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use kit::Result;
use kit::clock::Time;
use kit::ids::{NetworkId, ProjectId, RouterId, SubnetId};
use kit::policy::Guarded;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::model::{GATEWAY, Gateway, INTERFACE, Router};
use crate::listing::store::Column::Is;
use crate::listing::store::{OWN, Pages};
use crate::standard::{Standard, parsed};
use crate::subnets::model::HostRoute;

const SELECT: &str = "SELECT r.*, p.network AS gateway_network,
        (SELECT json_group_array(json_object('subnet_id', subnet, 'ip_address', address)) FROM
            (SELECT subnet, address FROM port_address WHERE port = p.id ORDER BY position))
            AS gateway_ips
    FROM router r LEFT JOIN port p ON p.id = r.gateway_port";

/// What pages of the list are read from.
pub(crate) static PAGES: Pages = Pages {
    table: "router",
    seen: OWN,
    columns: &[
        ("name", Is("name")),
        ("description", Is("description")),
        ("admin_state_up", Is("admin_state_up")),
        ("status", Is("'ACTIVE'")),
        ("availability_zone_hints", Is("'[]'")),
    ],
};

/// The router, for whoever the rules allow.
pub(crate) fn get(connection: &Connection, id: &RouterId) -> Result<Option<Guarded<Router>>> {
    let row = connection
        .prepare_cached(&format!("{SELECT} WHERE r.id = ?1"))?
        .query_row([id], read)
        .optional()?;
    Ok(row.map(Router::guarded))
}

/// Routers of a project, all of them without one; the oldest first.
pub(crate) fn list(
    connection: &Connection,
    project: Option<&ProjectId>,
) -> Result<Vec<Guarded<Router>>> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE ?1 IS NULL OR r.project = ?1 ORDER BY r.created_at, r.id"
    ))?;
    let rows = statement.query_map([project], read)?;
    rows.map(|row| Ok(row?.guarded())).collect()
}

/// How many a project has.
pub(crate) fn count(connection: &Connection, project: &ProjectId) -> Result<i64> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM router WHERE project = ?1")?
        .query_row([project], |row| row.get(0))?)
}

/// Puts a new one in.
pub(crate) fn insert(connection: &Connection, router: &Router) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO router (id, project, name, description, admin_state_up, gateway_port,
                enable_snat, routes, tags, revision, created_at, updated_at)
             VALUES (:id, :project, :name, :description, :admin_state_up, :gateway_port,
                :enable_snat, :routes, :tags, :revision, :created_at, :updated_at)",
        )?
        .execute(named_params! {
            ":id": router.id, ":project": router.project, ":name": router.name,
            ":description": router.description, ":admin_state_up": router.admin_state_up,
            ":gateway_port": router.gateway.as_ref().map(|gateway| &gateway.port),
            ":enable_snat": router.enable_snat, ":routes": Json(&router.routes),
            ":tags": Json(&router.standard.tags),
            ":revision": router.standard.revision, ":created_at": router.standard.created_at,
            ":updated_at": router.standard.updated_at,
        })?;
    Ok(())
}

/// Writes what may change, and counts the change.
pub(crate) fn update(connection: &Connection, router: &Router, now: Time) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE router SET name = :name, description = :description,
                admin_state_up = :admin_state_up, gateway_port = :gateway_port,
                enable_snat = :enable_snat, routes = :routes, revision = revision + 1, updated_at = :now
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": router.id, ":name": router.name, ":description": router.description,
            ":admin_state_up": router.admin_state_up,
            ":gateway_port": router.gateway.as_ref().map(|gateway| &gateway.port),
            ":enable_snat": router.enable_snat, ":routes": Json(&router.routes), ":now": now,
        })?;
    Ok(())
}

/// Takes it away.
pub(crate) fn delete(connection: &Connection, id: &RouterId) -> Result<()> {
    connection.prepare_cached("DELETE FROM router WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Whether a router leads out by this network.
pub(crate) fn leads_out_by(connection: &Connection, network: &NetworkId) -> Result<bool> {
    let sql = "SELECT 1 FROM port WHERE network = ?1 AND device_owner = ?2";
    Ok(connection.prepare_cached(sql)?.exists((network, GATEWAY))?)
}

/// The networks that routers at work have an interface on, by router.
pub(crate) fn joined(connection: &Connection) -> Result<Vec<(RouterId, NetworkId)>> {
    let mut statement = connection.prepare_cached(
        "SELECT r.id, p.network FROM router r JOIN port p ON p.device_id = r.id
         WHERE p.device_owner = ?1 AND r.admin_state_up ORDER BY r.id, p.network",
    )?;
    let rows = statement.query_map([INTERFACE], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The routes of routers at work.
pub(crate) fn routes(connection: &Connection) -> Result<Vec<(RouterId, Vec<HostRoute>)>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, routes FROM router WHERE admin_state_up AND routes <> '[]' ORDER BY id",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get("id")?, json_column(row, "routes")?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Where a router is connected: networks, ranges and its own addresses, its way out too.
pub(crate) fn places(connection: &Connection, router: &RouterId) -> Result<Vec<Place>> {
    let mut statement = connection.prepare_cached(
        "SELECT s.network, s.cidr, a.address FROM port p
            JOIN port_address a ON a.port = p.id JOIN subnet s ON s.id = a.subnet
         WHERE p.device_id = ?1 ORDER BY p.device_owner = ?2, p.id, a.position",
    )?;
    let rows = statement.query_map((router, GATEWAY), |row| {
        let network = row.get("network")?;
        Ok(Place { network, range: parsed(row, "cidr")?, own: parsed(row, "address")? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One place where a router is connected.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) network: NetworkId,
    pub(crate) range: IpNet,
    pub(crate) own: IpAddr,
}

/// The external networks by which routers at work lead out, with an address of their own.
pub(crate) fn ways_out(connection: &Connection) -> Result<BTreeMap<RouterId, NetworkId>> {
    let mut statement = connection.prepare_cached(
        "SELECT r.id, p.network FROM router r JOIN port p ON p.id = r.gateway_port
         WHERE r.admin_state_up AND r.enable_snat",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The router between a subnet and an external network: the one that has the subnet's gateway
/// address before any other.
pub(crate) fn between(
    connection: &Connection,
    subnet: &SubnetId,
    external: &NetworkId,
) -> Result<Option<RouterId>> {
    Ok(connection
        .prepare_cached(
            "SELECT r.id FROM router r
                JOIN port g ON g.id = r.gateway_port AND g.network = ?2
                JOIN port p ON p.device_id = r.id AND p.device_owner = ?3
                JOIN port_address a ON a.port = p.id AND a.subnet = ?1
                JOIN subnet s ON s.id = a.subnet
             ORDER BY a.address = s.gateway_ip DESC, r.created_at, r.id",
        )?
        .query_row((subnet, external, INTERFACE), |row| row.get(0))
        .optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Router> {
    let network: Option<NetworkId> = row.get("gateway_network")?;
    let gateway = match network {
        None => None,
        Some(network) => Some(Gateway {
            port: row.get("gateway_port")?,
            network,
            fixed_ips: json_column(row, "gateway_ips")?,
        }),
    };
    Ok(Router {
        id: row.get("id")?,
        project: row.get("project")?,
        name: row.get("name")?,
        description: row.get("description")?,
        admin_state_up: row.get("admin_state_up")?,
        gateway,
        enable_snat: row.get("enable_snat")?,
        routes: json_column(row, "routes")?,
        standard: Standard::from_row(row)?,
    })
}
