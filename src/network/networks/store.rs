//! The SQL of networks.

use kit::Result;
use kit::clock::Time;
use kit::ids::{NetworkId, ProjectId};
use kit::policy::Guarded;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::model::Network;
use crate::listing::store::Column::Is;
use crate::listing::store::Pages;
use crate::rbac_policies::model::Shares;
use crate::standard::Standard;

const SELECT: &str = "SELECT n.*, (SELECT json_group_array(id) FROM
        (SELECT id FROM subnet WHERE network = n.id ORDER BY created_at, id)) AS subnets,
        (SELECT p.address_scope FROM subnet s JOIN subnetpool p ON p.id = s.subnetpool
            WHERE s.network = n.id AND p.ip_version = 4) AS ipv4_address_scope,
        (SELECT p.address_scope FROM subnet s JOIN subnetpool p ON p.id = s.subnetpool
            WHERE s.network = n.id AND p.ip_version = 6) AS ipv6_address_scope,
        (SELECT json_group_array(target) FROM rbac_policy
            WHERE object = n.id AND action = 'access_as_shared') AS shares,
        (SELECT json_group_array(target) FROM rbac_policy
            WHERE object = n.id AND action = 'access_as_external') AS outside
    FROM network n";

/// What pages of the list are read from.
pub(crate) static PAGES: Pages = Pages {
    table: "network",
    seen: "+project = (SELECT project FROM caller) OR +id IN (SELECT object FROM rbac_policy
            WHERE target IN ('*', (SELECT project FROM caller)))",
    columns: &[
        ("name", Is("name")),
        ("description", Is("description")),
        ("admin_state_up", Is("admin_state_up")),
        ("status", Is("iif(admin_state_up, 'ACTIVE', 'DOWN')")),
        ("mtu", Is("mtu")),
        (
            "shared",
            Is("EXISTS (SELECT 1 FROM rbac_policy
                WHERE object = network.id AND action = 'access_as_shared'
                    AND target IN ('*', (SELECT project FROM caller)))"),
        ),
        ("router:external", Is("external")),
        ("port_security_enabled", Is("port_security_enabled")),
        ("availability_zone_hints", Is("'[]'")),
        ("provider:network_type", Is("'local'")),
        ("provider:physical_network", Is("NULL")),
        ("provider:segmentation_id", Is("NULL")),
    ],
};

/// The network, for whoever the rules allow.
pub(crate) fn get(connection: &Connection, id: &NetworkId) -> Result<Option<Guarded<Network>>> {
    Ok(get_for_system(connection, id)?.map(Network::guarded))
}

/// The network, for the house itself.
pub(crate) fn get_for_system(connection: &Connection, id: &NetworkId) -> Result<Option<Network>> {
    Ok(connection
        .prepare_cached(&format!("{SELECT} WHERE n.id = ?1"))?
        .query_row([id], read)
        .optional()?)
}

/// Networks of a project and those open to it, all of them without a project; the oldest first.
pub(crate) fn list(
    connection: &Connection,
    project: Option<&ProjectId>,
) -> Result<Vec<Guarded<Network>>> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE ?1 IS NULL OR n.project = ?1 OR n.id IN
            (SELECT object FROM rbac_policy WHERE target IN ('*', ?1))
         ORDER BY n.created_at, n.id"
    ))?;
    let rows = statement.query_map([project], read)?;
    rows.map(|row| Ok(row?.guarded())).collect()
}

/// The ids of all networks.
pub(crate) fn ids(connection: &Connection) -> Result<Vec<NetworkId>> {
    let mut statement = connection.prepare_cached("SELECT id FROM network")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The networks that only their projects use.
pub(crate) fn of_projects(connection: &Connection) -> Result<Vec<NetworkId>> {
    some(connection, "SELECT id FROM network WHERE NOT shared AND NOT external ORDER BY id")
}

/// The external networks.
pub(crate) fn external(connection: &Connection) -> Result<Vec<NetworkId>> {
    some(connection, "SELECT id FROM network WHERE external ORDER BY id")
}

fn some(connection: &Connection, sql: &str) -> Result<Vec<NetworkId>> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many a project has.
pub(crate) fn count(connection: &Connection, project: &ProjectId) -> Result<i64> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM network WHERE project = ?1")?
        .query_row([project], |row| row.get(0))?)
}

/// Puts a new one in.
pub(crate) fn insert(connection: &Connection, network: &Network) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO network (id, project, name, description, admin_state_up, shared,
                external, port_security_enabled, mtu, tags, revision, created_at, updated_at)
             VALUES (:id, :project, :name, :description, :admin_state_up, :shared,
                :external, :port_security_enabled, :mtu, :tags, :revision, :created_at, :updated_at)",
        )?
        .execute(named_params! {
            ":id": network.id, ":project": network.project, ":name": network.name,
            ":description": network.description, ":admin_state_up": network.admin_state_up,
            ":shared": network.shared, ":external": network.external,
            ":port_security_enabled": network.port_security_enabled, ":mtu": network.mtu,
            ":tags": Json(&network.standard.tags), ":revision": network.standard.revision,
            ":created_at": network.standard.created_at,
            ":updated_at": network.standard.updated_at,
        })?;
    Ok(())
}

/// Writes what may change, and counts the change.
pub(crate) fn update(connection: &Connection, network: &Network, now: Time) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE network SET name = ?2, description = ?3, admin_state_up = ?4,
                port_security_enabled = ?5, mtu = ?6, revision = revision + 1, updated_at = ?7
             WHERE id = ?1",
        )?
        .execute((
            &network.id,
            &network.name,
            &network.description,
            network.admin_state_up,
            network.port_security_enabled,
            network.mtu,
            now,
        ))?;
    Ok(())
}

/// Writes what the policies on it come to: whether everybody may use it, and whether it leads
/// outside at all.
pub(crate) fn settle_sharing(connection: &Connection, id: &str) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE network SET
                shared = EXISTS (SELECT 1 FROM rbac_policy WHERE object = ?1
                    AND action = 'access_as_shared' AND target = '*'),
                external = EXISTS (SELECT 1 FROM rbac_policy WHERE object = ?1
                    AND action = 'access_as_external')
             WHERE id = ?1",
        )?
        .execute([id])?;
    Ok(())
}

/// Counts a change of something that belongs to the network.
pub(crate) fn touch(connection: &Connection, id: &NetworkId, now: Time) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE network SET revision = revision + 1, updated_at = ?2 WHERE id = ?1",
        )?
        .execute((id, now))?;
    Ok(())
}

/// Takes it away, with its subnets.
pub(crate) fn delete(connection: &Connection, id: &NetworkId) -> Result<()> {
    connection.prepare_cached("DELETE FROM network WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Whether the first start made the network of this name.
pub(crate) fn is_bootstrapped(connection: &Connection, name: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM network_bootstrap WHERE name = ?1";
    Ok(connection.prepare_cached(sql)?.exists([name])?)
}

/// Notes that the first start made the network of this name.
pub(crate) fn note_bootstrap(connection: &Connection, name: &str) -> Result<()> {
    let sql = "INSERT INTO network_bootstrap (name) VALUES (?1) ON CONFLICT DO NOTHING";
    connection.prepare_cached(sql)?.execute([name])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Network> {
    Ok(Network {
        id: row.get("id")?,
        project: row.get("project")?,
        name: row.get("name")?,
        description: row.get("description")?,
        admin_state_up: row.get("admin_state_up")?,
        shared: row.get("shared")?,
        external: row.get("external")?,
        port_security_enabled: row.get("port_security_enabled")?,
        shares: Shares::from_row(row, "shares")?,
        outside: Shares::from_row(row, "outside")?,
        mtu: row.get("mtu")?,
        subnets: json_column(row, "subnets")?,
        ipv4_address_scope: row.get("ipv4_address_scope")?,
        ipv6_address_scope: row.get("ipv6_address_scope")?,
        standard: Standard::from_row(row)?,
    })
}
