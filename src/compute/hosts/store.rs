//! The SQL of hosts and their services.

use kit::clock::Time;
use kit::error::Result;
use kit::ids::{ComputeServiceId, ProjectId};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::model::{Binary, Guest, Host, Service};
use crate::capacity::{Consumer, Whose};
use crate::servers::store::HostUsage;

const HOST: &str = "row, id, name, engine, engine_version, architecture, vcpus, ram_mb, disk_gb, \
                    disk_free_gb, disk_limits";
const SERVICE: &str =
    "row, id, host, binary, answers, seen_at, disabled, disabled_reason, forced_down,
     (SELECT value FROM aggregate_host JOIN aggregate_metadata USING (aggregate)
      WHERE aggregate_host.host = compute_service.host AND key = 'availability_zone')
     AS aggregate_zone";

/// Every host, oldest first.
pub(crate) fn list(connection: &Connection) -> Result<Vec<Host>> {
    let sql = format!("SELECT {HOST} FROM host ORDER BY row");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([], read_host)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether there is a host of this name.
pub(crate) fn exists(connection: &Connection, name: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM host WHERE name = ?1)";
    Ok(connection.prepare_cached(sql)?.query_row([name], |row| row.get(0))?)
}

/// Adds a host, or brings the figures of the one of this name up to date.
pub(crate) fn put(connection: &Connection, host: &Host) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO host (id, name, engine, engine_version, architecture, vcpus, ram_mb,
                 disk_gb, disk_free_gb, disk_limits)
             VALUES (:id, :name, :engine, :version, :architecture, :vcpus, :ram, :disk, :free,
                 :limits)
             ON CONFLICT (name) DO UPDATE SET engine = :engine, engine_version = :version,
                 architecture = :architecture, vcpus = :vcpus, ram_mb = :ram, disk_gb = :disk,
                 disk_free_gb = :free, disk_limits = :limits",
        )?
        .execute(named_params! {
            ":id": host.id, ":name": host.name, ":engine": host.engine,
            ":version": host.engine_version, ":architecture": host.architecture,
            ":vcpus": host.vcpus, ":ram": host.ram_mb, ":disk": host.disk_gb,
            ":free": host.disk_free_gb, ":limits": host.disk_limits,
        })?;
    Ok(())
}

/// Every service, in the order in which they were first seen.
pub(crate) fn list_services(connection: &Connection) -> Result<Vec<Service>> {
    let sql = format!("SELECT {SERVICE} FROM compute_service ORDER BY row");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([], read_service)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The service of this binary on this host.
pub(crate) fn get_service(
    connection: &Connection,
    host: &str,
    binary: &str,
) -> Result<Option<Service>> {
    let sql = format!("SELECT {SERVICE} FROM compute_service WHERE host = ?1 AND binary = ?2");
    Ok(connection.prepare_cached(&sql)?.query_row((host, binary), read_service).optional()?)
}

/// Notes that a service works; makes its row when it is seen for the first time.
pub(crate) fn note_answer(
    connection: &Connection,
    host: &str,
    binary: Binary,
    now: Time,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO compute_service (id, host, binary, answers, seen_at)
             VALUES (?1, ?2, ?3, TRUE, ?4)
             ON CONFLICT (host, binary) DO UPDATE SET answers = TRUE, seen_at = excluded.seen_at",
        )?
        .execute((ComputeServiceId::random(), host, binary, now))?;
    Ok(())
}

/// Notes that the services of this binary do not answer, but the one on host `except`.
pub(crate) fn note_silence(connection: &Connection, binary: Binary, except: &str) -> Result<()> {
    let sql = "UPDATE compute_service SET answers = FALSE WHERE binary = ?1 AND host <> ?2";
    connection.prepare_cached(sql)?.execute((binary, except))?;
    Ok(())
}

/// Writes what operators may change of a service.
pub(crate) fn update_service(connection: &Connection, service: &Service) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE compute_service SET disabled = ?2, disabled_reason = ?3, forced_down = ?4
             WHERE id = ?1",
        )?
        .execute((&service.id, service.disabled, &service.disabled_reason, service.forced_down))?;
    Ok(())
}

/// Removes a service's row; a process that runs brings it back.
pub(crate) fn delete_service(connection: &Connection, id: &ComputeServiceId) -> Result<()> {
    connection.prepare_cached("DELETE FROM compute_service WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// What the living servers of each project take on a host.
pub(crate) fn usage_by_project(
    connection: &Connection,
    host: &str,
) -> Result<Vec<(ProjectId, HostUsage)>> {
    let mut statement = connection.prepare_cached(
        "SELECT project_id, count(*), sum(vcpus), sum(ram_mb),
             sum((flavor ->> 'disk_gb') + (flavor ->> 'ephemeral_gb')), count(task_state)
         FROM server WHERE host = ?1 AND deleted_at IS NULL GROUP BY project_id",
    )?;
    let rows = statement.query_map([host], |row| {
        let usage = HostUsage {
            servers: row.get(1)?,
            vcpus: row.get(2)?,
            ram_mb: row.get(3)?,
            disk_gb: row.get(4)?,
            busy: row.get(5)?,
        };
        Ok((row.get(0)?, usage))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The living servers of a host, oldest first.
pub(crate) fn guests(connection: &Connection, host: &str) -> Result<Vec<Guest>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, number FROM server WHERE host = ?1 AND deleted_at IS NULL ORDER BY number",
    )?;
    let rows = statement
        .query_map([host], |row| Ok(Guest { id: row.get("id")?, number: row.get("number")? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The number of the latest server that a host got.
pub(crate) fn latest_guest(connection: &Connection, host: &str) -> Result<i64> {
    let sql = "SELECT coalesce(max(number), 0) FROM server WHERE host = ?1 AND deleted_at IS NULL";
    Ok(connection.prepare_cached(sql)?.query_row([host], |row| row.get(0))?)
}

/// The servers that are on hosts, in the order of creation.
pub(crate) fn consumers(connection: &Connection, whose: Whose<'_>) -> Result<Vec<Consumer>> {
    let mut statement = connection.prepare_cached(
        "SELECT server.id, project_id, user_id, host.id, server.vcpus, server.ram_mb,
             (flavor ->> 'disk_gb') + (flavor ->> 'ephemeral_gb')
         FROM server JOIN host ON host.name = server.host
         WHERE deleted_at IS NULL AND (:host IS NULL OR host.id = :host)
           AND (:server IS NULL OR server.id = :server)
           AND (:project IS NULL OR project_id = :project) AND (:user IS NULL OR user_id = :user)
         ORDER BY server.number",
    )?;
    let rows = statement.query_map(
        named_params! {
            ":host": whose.host, ":server": whose.server, ":project": whose.project,
            ":user": whose.user,
        },
        |row| {
            Ok(Consumer {
                server: row.get(0)?,
                project: row.get(1)?,
                user: row.get(2)?,
                host: row.get(3)?,
                vcpus: row.get(4)?,
                ram_mb: row.get(5)?,
                disk_gb: row.get(6)?,
            })
        },
    )?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn read_host(row: &Row<'_>) -> rusqlite::Result<Host> {
    Ok(Host {
        row: row.get("row")?,
        id: row.get("id")?,
        name: row.get("name")?,
        engine: row.get("engine")?,
        engine_version: row.get("engine_version")?,
        architecture: row.get("architecture")?,
        vcpus: row.get("vcpus")?,
        ram_mb: row.get("ram_mb")?,
        disk_gb: row.get("disk_gb")?,
        disk_free_gb: row.get("disk_free_gb")?,
        disk_limits: row.get("disk_limits")?,
    })
}

fn read_service(row: &Row<'_>) -> rusqlite::Result<Service> {
    Ok(Service {
        row: row.get("row")?,
        id: row.get("id")?,
        host: row.get("host")?,
        binary: row.get("binary")?,
        answers: row.get("answers")?,
        seen_at: row.get("seen_at")?,
        disabled: row.get("disabled")?,
        disabled_reason: row.get("disabled_reason")?,
        forced_down: row.get("forced_down")?,
        aggregate_zone: row.get("aggregate_zone")?,
    })
}
