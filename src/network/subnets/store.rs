//! The SQL of subnets.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;
use kit::Result;
use kit::clock::Time;
use kit::ids::{NetworkId, ProjectId, SubnetId};
use kit::policy::Guarded;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::model::Subnet;
use crate::listing::store::Column::Is;
use crate::listing::store::Pages;
use crate::rbac_policies::model::Shares;
use crate::standard::{Standard, parsed, parsed_if_set};

const SELECT: &str = "SELECT s.*, n.project AS network_project, n.external AS network_external,
        (SELECT json_group_array(target) FROM rbac_policy
            WHERE object = n.id AND action = 'access_as_shared') AS shares,
        (SELECT json_group_array(target) FROM rbac_policy
            WHERE object = n.id AND action = 'access_as_external') AS outside
    FROM subnet s JOIN network n ON n.id = s.network";

/// What pages of the list are read from.
pub(crate) static PAGES: Pages = Pages {
    table: "subnet",
    seen: "+project = (SELECT project FROM caller) OR +network IN (SELECT id FROM network
            WHERE project = (SELECT project FROM caller)
            UNION SELECT object FROM rbac_policy
            WHERE target IN ('*', (SELECT project FROM caller)))",
    columns: &[
        ("name", Is("name")),
        ("description", Is("description")),
        ("ip_version", Is("iif(instr(cidr, ':'), '6', '4')")),
        ("network_id", Is("network")),
        ("cidr", Is("cidr")),
        ("subnetpool_id", Is("subnetpool")),
        ("gateway_ip", Is("gateway_ip")),
        ("enable_dhcp", Is("enable_dhcp")),
        ("ipv6_ra_mode", Is("ipv6_ra_mode")),
        ("ipv6_address_mode", Is("ipv6_address_mode")),
        // A subnet is shared as its network is, and does not say so.
        (
            "shared",
            Is("EXISTS (SELECT 1 FROM rbac_policy
                WHERE object = subnet.network AND action = 'access_as_shared'
                    AND target IN ('*', (SELECT project FROM caller)))"),
        ),
        ("router:external", Is("(SELECT external FROM network WHERE id = subnet.network)")),
    ],
};

/// The subnet, for whoever the rules allow.
pub(crate) fn get(connection: &Connection, id: &SubnetId) -> Result<Option<Guarded<Subnet>>> {
    Ok(connection
        .prepare_cached(&format!("{SELECT} WHERE s.id = ?1"))?
        .query_row([id], read)
        .optional()?
        .map(Subnet::guarded))
}

/// Subnets of a project and those of networks open to it, all of them without a project.
pub(crate) fn list(
    connection: &Connection,
    project: Option<&ProjectId>,
) -> Result<Vec<Guarded<Subnet>>> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE ?1 IS NULL OR s.project = ?1 OR n.project = ?1 OR n.id IN
            (SELECT object FROM rbac_policy WHERE target IN ('*', ?1))
         ORDER BY s.created_at, s.id"
    ))?;
    let rows = statement.query_map([project], read)?;
    rows.map(|row| Ok(row?.guarded())).collect()
}

/// The subnets of a network, the oldest first.
pub(crate) fn of_network(connection: &Connection, network: &NetworkId) -> Result<Vec<Subnet>> {
    let mut statement = connection
        .prepare_cached(&format!("{SELECT} WHERE s.network = ?1 ORDER BY s.created_at, s.id"))?;
    let rows = statement.query_map([network], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The ranges of all subnets of the installation.
pub(crate) fn ranges(connection: &Connection) -> Result<Vec<IpNet>> {
    let mut statement = connection.prepare_cached("SELECT cidr FROM subnet")?;
    let rows = statement.query_map([], |row| parsed(row, "cidr"))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many a project has.
pub(crate) fn count(connection: &Connection, project: &ProjectId) -> Result<i64> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM subnet WHERE project = ?1")?
        .query_row([project], |row| row.get(0))?)
}

/// The addresses that ports have.
pub(crate) fn taken(connection: &Connection, id: &SubnetId) -> Result<BTreeSet<IpAddr>> {
    let mut statement =
        connection.prepare_cached("SELECT address FROM port_address WHERE subnet = ?1")?;
    let rows = statement.query_map([id], |row| parsed(row, "address"))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many addresses ports have.
pub(crate) fn count_taken(connection: &Connection, id: &SubnetId) -> Result<i64> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM port_address WHERE subnet = ?1")?
        .query_row([id], |row| row.get(0))?)
}

/// Puts a new one in.
pub(crate) fn insert(connection: &Connection, subnet: &Subnet) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO subnet (id, project, network, name, description, cidr, subnetpool, gateway_ip,
                enable_dhcp, allocation_pools, dns_nameservers, host_routes, ipv6_ra_mode,
                ipv6_address_mode, tags, revision, created_at, updated_at)
             VALUES (:id, :project, :network, :name, :description, :cidr, :subnetpool, :gateway_ip,
                :enable_dhcp, :allocation_pools, :dns_nameservers, :host_routes, :ipv6_ra_mode,
                :ipv6_address_mode, :tags, :revision, :created_at, :updated_at)",
        )?
        .execute(named_params! {
            ":id": subnet.id, ":project": subnet.project, ":network": subnet.network,
            ":name": subnet.name, ":description": subnet.description,
            ":cidr": subnet.cidr.to_string(), ":subnetpool": subnet.pool,
            ":gateway_ip": subnet.gateway_ip.map(|address| address.to_string()),
            ":enable_dhcp": subnet.enable_dhcp,
            ":allocation_pools": Json(&subnet.allocation_pools),
            ":dns_nameservers": Json(&subnet.dns_nameservers),
            ":host_routes": Json(&subnet.host_routes), ":ipv6_ra_mode": subnet.ipv6_ra_mode,
            ":ipv6_address_mode": subnet.ipv6_address_mode, ":tags": Json(&subnet.standard.tags),
            ":revision": subnet.standard.revision, ":created_at": subnet.standard.created_at,
            ":updated_at": subnet.standard.updated_at,
        })?;
    Ok(())
}

/// Writes what may change, and counts the change.
pub(crate) fn update(connection: &Connection, subnet: &Subnet, now: Time) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE subnet SET name = :name, description = :description,
                gateway_ip = :gateway_ip, enable_dhcp = :enable_dhcp,
                allocation_pools = :allocation_pools, dns_nameservers = :dns_nameservers,
                host_routes = :host_routes, revision = revision + 1, updated_at = :now
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": subnet.id, ":name": subnet.name, ":description": subnet.description,
            ":gateway_ip": subnet.gateway_ip.map(|address| address.to_string()),
            ":enable_dhcp": subnet.enable_dhcp,
            ":allocation_pools": Json(&subnet.allocation_pools),
            ":dns_nameservers": Json(&subnet.dns_nameservers),
            ":host_routes": Json(&subnet.host_routes), ":now": now,
        })?;
    Ok(())
}

/// Takes it away.
pub(crate) fn delete(connection: &Connection, id: &SubnetId) -> Result<()> {
    connection.prepare_cached("DELETE FROM subnet WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Subnet> {
    Ok(Subnet {
        id: row.get("id")?,
        project: row.get("project")?,
        network: row.get("network")?,
        network_project: row.get("network_project")?,
        network_shares: Shares::from_row(row, "shares")?,
        network_outside: Shares::from_row(row, "outside")?,
        network_external: row.get("network_external")?,
        name: row.get("name")?,
        description: row.get("description")?,
        cidr: parsed(row, "cidr")?,
        pool: row.get("subnetpool")?,
        gateway_ip: parsed_if_set(row, "gateway_ip")?,
        enable_dhcp: row.get("enable_dhcp")?,
        allocation_pools: json_column(row, "allocation_pools")?,
        dns_nameservers: json_column(row, "dns_nameservers")?,
        host_routes: json_column(row, "host_routes")?,
        ipv6_ra_mode: row.get("ipv6_ra_mode")?,
        ipv6_address_mode: row.get("ipv6_address_mode")?,
        standard: Standard::from_row(row)?,
    })
}
