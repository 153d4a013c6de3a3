//! The SQL of servers; their lists are in `listing`. No rule is decided here.
//!
//! A change is "read the row, change the value, [`save`] it", inside one write closure: there is
//! one writer, so nothing can come between.

mod listing;

use std::collections::BTreeSet;

use kit::clock::Time;
use kit::error::Result;
use kit::ids::{ImageId, ProjectId, ServerId, UserId};
use kit::policy::{Guarded, Target};
use kit::store::{Json, json_column};
use rusqlite::types::{ToSqlOutput, Value};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params, params_from_iter};

use super::container::{Container, HostPort};
use super::model::{Fault, PowerState, Server, VmState};

pub(crate) use listing::list;

/// The columns that never change, with what a server has for them.
fn fixed(server: &Server) -> rusqlite::Result<Vec<(&'static str, ToSqlOutput<'_>)>> {
    Ok(vec![
        ("id", server.id.to_sql()?),
        ("project_id", server.project_id.to_sql()?),
        ("user_id", server.user_id.to_sql()?),
        ("reservation_id", server.reservation_id.to_sql()?),
        ("launch_index", server.launch_index.to_sql()?),
        ("created_at", server.created_at.to_sql()?),
    ])
}

/// The columns that may change.
fn changing(server: &Server) -> rusqlite::Result<Vec<(&'static str, ToSqlOutput<'_>)>> {
    Ok(vec![
        ("name", server.name.to_sql()?),
        ("hostname", server.hostname.to_sql()?),
        ("description", server.description.to_sql()?),
        ("image_id", server.image_id.to_sql()?),
        ("image_properties", json(&server.image_properties)?),
        ("flavor_id", server.flavor.id.to_sql()?),
        ("flavor", json(&server.flavor)?),
        ("vcpus", server.flavor.vcpus.to_sql()?),
        ("ram_mb", server.flavor.ram_mb.to_sql()?),
        ("vm_state", server.vm_state.to_sql()?),
        ("task_state", server.task_state.to_sql()?),
        ("power_state", server.power_state.to_sql()?),
        ("progress", server.progress.to_sql()?),
        ("host", server.host.to_sql()?),
        ("availability_zone", server.availability_zone.to_sql()?),
        ("pinned_zone", server.pinned_zone.to_sql()?),
        ("key_name", server.key_name.to_sql()?),
        ("key_pair", server.key_pair.as_ref().map(json).transpose()?.to_owned_sql()),
        ("user_data", server.user_data.to_sql()?),
        ("config_drive", server.config_drive.to_sql()?),
        ("access_ipv4", server.access_ipv4.to_sql()?),
        ("access_ipv6", server.access_ipv6.to_sql()?),
        ("auto_disk_config", server.auto_disk_config.to_sql()?),
        ("locked_by", server.locked_by.to_sql()?),
        ("locked_reason", server.locked_reason.to_sql()?),
        ("scheduler_hints", json(&server.scheduler_hints)?),
        ("container", server.container.as_ref().map(json).transpose()?.to_owned_sql()),
        ("shelved", server.shelved.as_ref().map(json).transpose()?.to_owned_sql()),
        ("has_rescue", server.has_rescue.to_sql()?),
        ("soft_deleted_at", server.soft_deleted_at.to_sql()?),
        ("metadata", json(&server.metadata)?),
        ("tags", json(&server.tags)?),
        ("updated_at", server.updated_at.to_sql()?),
        ("launched_at", server.launched_at.to_sql()?),
        ("terminated_at", server.terminated_at.to_sql()?),
        ("deleted_at", server.deleted_at.to_sql()?),
    ])
}

fn json<T: serde::Serialize>(value: &T) -> rusqlite::Result<ToSqlOutput<'static>> {
    serde_json::to_string(value)
        .map(ToSqlOutput::from)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// `NULL` for what is not there.
trait OrNull {
    fn to_owned_sql(self) -> ToSqlOutput<'static>;
}

impl OrNull for Option<ToSqlOutput<'static>> {
    fn to_owned_sql(self) -> ToSqlOutput<'static> {
        self.unwrap_or(ToSqlOutput::Owned(Value::Null))
    }
}

/// Adds a server; its number comes back.
pub(crate) fn insert(connection: &Connection, server: &Server) -> Result<i64> {
    let columns: Vec<_> = fixed(server)?.into_iter().chain(changing(server)?).collect();
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let marks = vec!["?"; columns.len()].join(", ");
    let sql = format!("INSERT INTO server ({}) VALUES ({marks})", names.join(", "));
    connection
        .prepare_cached(&sql)?
        .execute(params_from_iter(columns.iter().map(|(_, value)| value)))?;
    Ok(connection.last_insert_rowid())
}

/// Writes what may have changed, and when.
pub(crate) fn save(connection: &Connection, server: &mut Server, now: Time) -> Result<()> {
    server.updated_at = now;
    let columns = changing(server)?;
    let names: Vec<String> = columns.iter().map(|(name, _)| format!("{name} = ?")).collect();
    let sql = format!("UPDATE server SET {} WHERE id = ?", names.join(", "));
    let id = server.id.to_sql()?;
    let values = columns.iter().map(|(_, value)| value).chain([&id]);
    connection.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    Ok(())
}

/// Notes what the guest does, without the server counting as changed.
pub(crate) fn save_power_state(connection: &Connection, server: &Server) -> Result<()> {
    connection
        .prepare_cached("UPDATE server SET power_state = ?2 WHERE id = ?1")?
        .execute(params![server.id, server.power_state])?;
    Ok(())
}

/// A living server, as the operation's rule will open it. To others than `visible_to` (`None`:
/// an administrator) it is not there.
pub(crate) fn get(
    connection: &Connection,
    id: &str,
    visible_to: Option<&ProjectId>,
) -> Result<Option<Guarded<Server>>> {
    let found = get_for_system(connection, &ServerId::from(id))?;
    Ok(found.and_then(|server| guard(server, visible_to)))
}

/// The same, deleted servers too.
pub(crate) fn get_even_deleted(
    connection: &Connection,
    id: &str,
    visible_to: Option<&ProjectId>,
) -> Result<Option<Guarded<Server>>> {
    Ok(find(connection, "id = ?1", id)?.and_then(|server| guard(server, visible_to)))
}

fn guard(server: Server, visible_to: Option<&ProjectId>) -> Option<Guarded<Server>> {
    visible_to.is_none_or(|project| *project == server.project_id).then(|| {
        let target = Target::project(&server.project_id).with("user_id", &server.user_id);
        Guarded::new(server, target)
    })
}

/// A living server, for steps and reconcilers.
pub(crate) fn get_for_system(connection: &Connection, id: &ServerId) -> Result<Option<Server>> {
    find(connection, "id = ?1 AND deleted_at IS NULL", id.as_str())
}

fn find(connection: &Connection, condition: &str, id: &str) -> Result<Option<Server>> {
    let sql = format!("SELECT * FROM server WHERE {condition}");
    Ok(connection.prepare_cached(&sql)?.query_row([id], read).optional()?)
}

/// What the look at the whole engine needs of a living server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Living {
    pub(crate) id: ServerId,
    pub(crate) vm_state: VmState,
    pub(crate) power_state: PowerState,
    /// Something is being done to it.
    pub(crate) busy: bool,
}

const LIVING: &str = "SELECT id, vm_state, power_state, task_state IS NOT NULL FROM server
     WHERE deleted_at IS NULL";

/// Every living server.
pub(crate) fn living(connection: &Connection) -> Result<Vec<Living>> {
    let mut query = connection.prepare_cached(LIVING)?;
    let rows = query.query_map([], read_living)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The server of this id, if it lives.
pub(crate) fn living_one(connection: &Connection, id: &ServerId) -> Result<Option<Living>> {
    let sql = format!("{LIVING} AND id = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([id], read_living).optional()?)
}

fn read_living(row: &Row<'_>) -> rusqlite::Result<Living> {
    Ok(Living {
        id: row.get(0)?,
        vm_state: row.get(1)?,
        power_state: row.get(2)?,
        busy: row.get(3)?,
    })
}

/// How many living servers a project, or one user of it, has; what was deleted softly is no longer
/// charged. Counts for the quota `instances`.
pub(crate) fn count(connection: &Connection, project: &ProjectId, user: &UserId) -> Result<i64> {
    sum(connection, "count(*)", project, user)
}

/// Their CPUs. Counts for the quota `cores`.
pub(crate) fn sum_vcpus(
    connection: &Connection,
    project: &ProjectId,
    user: &UserId,
) -> Result<i64> {
    sum(connection, "coalesce(sum(vcpus), 0)", project, user)
}

/// Their memory, MiB. Counts for the quota `ram`.
pub(crate) fn sum_ram_mb(
    connection: &Connection,
    project: &ProjectId,
    user: &UserId,
) -> Result<i64> {
    sum(connection, "coalesce(sum(ram_mb), 0)", project, user)
}

fn sum(connection: &Connection, what: &str, project: &ProjectId, user: &UserId) -> Result<i64> {
    let sql = format!(
        "SELECT {what} FROM server
         WHERE project_id = ?1 AND deleted_at IS NULL AND (?2 = '' OR user_id = ?2)
             AND (soft_deleted_at IS NULL OR task_state = 'restoring')"
    );
    Ok(connection.prepare_cached(&sql)?.query_row((project, user), |row| row.get(0))?)
}

/// What the living servers of a host take together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct HostUsage {
    /// How many they are.
    pub(crate) servers: i64,
    /// Their CPUs.
    pub(crate) vcpus: i64,
    /// Their memory, MiB.
    pub(crate) ram_mb: i64,
    /// Their disks, GiB.
    pub(crate) disk_gb: i64,
    /// How many of them something is being done to.
    pub(crate) busy: i64,
}

/// See [`HostUsage`].
pub(crate) fn host_usage(connection: &Connection, host: &str) -> Result<HostUsage> {
    let sql = "SELECT count(*), coalesce(sum(vcpus), 0), coalesce(sum(ram_mb), 0),
                   coalesce(sum((flavor ->> 'disk_gb') + (flavor ->> 'ephemeral_gb')), 0),
                   count(task_state)
               FROM server WHERE host = ?1 AND deleted_at IS NULL";
    Ok(connection.prepare_cached(sql)?.query_row([host], |row| {
        Ok(HostUsage {
            servers: row.get(0)?,
            vcpus: row.get(1)?,
            ram_mb: row.get(2)?,
            disk_gb: row.get(3)?,
            busy: row.get(4)?,
        })
    })?)
}

/// The ports of the host that living containers have.
pub(crate) fn host_ports(connection: &Connection) -> Result<BTreeSet<HostPort>> {
    let mut query = connection.prepare_cached(
        "SELECT container FROM server WHERE container IS NOT NULL AND deleted_at IS NULL",
    )?;
    let mut taken = BTreeSet::new();
    for container in query.query_map([], |row| row.get::<_, Json<Container>>(0))? {
        let Json(container) = container?;
        let own = container.spec.published.iter().filter(|_| container.beside.is_none());
        taken.extend(own.map(|row| (row.port.protocol, row.host_port)));
    }
    Ok(taken)
}

/// The living containers that share the server's network.
pub(crate) fn beside(connection: &Connection, id: &ServerId) -> Result<Vec<Server>> {
    let mut query = connection.prepare_cached(
        "SELECT * FROM server
         WHERE container IS NOT NULL AND container ->> 'beside' = ?1 AND deleted_at IS NULL",
    )?;
    Ok(query.query_map([id], read)?.collect::<rusqlite::Result<_>>()?)
}

/// The project's living server of that id or, the youngest, of that name.
pub(crate) fn find_named(
    connection: &Connection,
    project: &ProjectId,
    name_or_id: &str,
) -> Result<Option<ServerId>> {
    let sql = "SELECT id FROM server
               WHERE project_id = ?1 AND deleted_at IS NULL AND (id = ?2 OR name = ?2)
               ORDER BY id = ?2 DESC, number DESC LIMIT 1";
    let mut query = connection.prepare_cached(sql)?;
    Ok(query.query_row((project, name_or_id), |row| row.get(0)).optional()?)
}

/// Adds a fault; the latest one of a server is the one that shows.
pub(crate) fn insert_fault(connection: &Connection, id: &ServerId, fault: &Fault) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO server_fault (server_id, code, message, details, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![id, fault.code, fault.message, fault.details, fault.created_at])?;
    Ok(())
}

/// The latest fault of each of these servers.
pub(crate) fn latest_faults(
    connection: &Connection,
    ids: &[&ServerId],
) -> Result<Vec<(ServerId, Fault)>> {
    let mut query = connection.prepare_cached(
        "SELECT server_id, code, message, details, created_at FROM server_fault
         WHERE number IN (SELECT max(number) FROM server_fault
             WHERE server_id IN (SELECT value FROM json_each(?1)) GROUP BY server_id)",
    )?;
    let rows = query.query_map([Json(ids)], |row| {
        let fault = Fault {
            code: row.get(1)?,
            message: row.get(2)?,
            details: row.get(3)?,
            created_at: row.get(4)?,
        };
        Ok((row.get(0)?, fault))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Server> {
    let image_id: Option<ImageId> = row.get("image_id")?;
    let key_pair: Option<Json<_>> = row.get("key_pair")?;
    let container: Option<Json<_>> = row.get("container")?;
    let shelved: Option<Json<_>> = row.get("shelved")?;
    Ok(Server {
        number: row.get("number")?,
        id: row.get("id")?,
        project_id: row.get("project_id")?,
        user_id: row.get("user_id")?,
        name: row.get("name")?,
        hostname: row.get("hostname")?,
        description: row.get("description")?,
        image_id,
        image_properties: json_column(row, "image_properties")?,
        flavor: json_column(row, "flavor")?,
        vm_state: row.get("vm_state")?,
        task_state: row.get("task_state")?,
        power_state: row.get("power_state")?,
        progress: row.get("progress")?,
        host: row.get("host")?,
        availability_zone: row.get("availability_zone")?,
        pinned_zone: row.get("pinned_zone")?,
        key_name: row.get("key_name")?,
        key_pair: key_pair.map(|json| json.0),
        user_data: row.get("user_data")?,
        config_drive: row.get("config_drive")?,
        access_ipv4: row.get("access_ipv4")?,
        access_ipv6: row.get("access_ipv6")?,
        auto_disk_config: row.get("auto_disk_config")?,
        locked_by: row.get("locked_by")?,
        locked_reason: row.get("locked_reason")?,
        reservation_id: row.get("reservation_id")?,
        launch_index: row.get("launch_index")?,
        scheduler_hints: json_column(row, "scheduler_hints")?,
        container: container.map(|json| json.0),
        shelved: shelved.map(|json| json.0),
        has_rescue: row.get("has_rescue")?,
        soft_deleted_at: row.get("soft_deleted_at")?,
        metadata: json_column(row, "metadata")?,
        tags: json_column(row, "tags")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        launched_at: row.get("launched_at")?,
        terminated_at: row.get("terminated_at")?,
        deleted_at: row.get("deleted_at")?,
    })
}

#[cfg(test)]
mod tests;
