//! The rules of migrations: what a request enters, and what is found of a server's.

use kit::error::{Error, Result};
use kit::ids::MigrationId;
use rusqlite::Connection;

use super::model::{Kind, Migration, Status};
use super::store;
use crate::servers::logic::Asked;
use crate::servers::model::{FlavorCopy, Server};

/// Enters what is to be done to a server; its number comes back.
pub(crate) fn enter(
    asked: &Asked,
    connection: &Connection,
    server: &Server,
    kind: Kind,
    status: Status,
    flavor: &FlavorCopy,
) -> Result<i64> {
    let found_host = kind == Kind::Resize;
    let migration = Migration {
        number: 0,
        id: MigrationId::random(),
        server: server.id.clone(),
        project: asked.caller.project().unwrap_or(&server.project_id).clone(),
        user: asked.caller.user_id.clone(),
        kind,
        status,
        source: server.host.clone(),
        destination: server.host.clone().filter(|_| found_host),
        old_flavor: server.flavor.clone(),
        new_flavor: flavor.clone(),
        old_flavor_row: None,
        new_flavor_row: None,
        created_at: asked.now,
        updated_at: None,
    };
    store::insert(connection, &migration)
}

/// Why a live migration of this server is not shown (Nova: `server_migrations.py: show`): none is
/// ever under way.
pub(crate) fn not_shown(connection: &Connection, server: &Server, wanted: &str) -> Result<Error> {
    let found = match wanted.parse() {
        Ok(number) => store::get(connection, number)?,
        Err(_) => None,
    };
    let own = found.filter(|migration| migration.server == server.id);
    let uuid = &server.id;
    let sentence = match own.map(|migration| migration.kind) {
        None => {
            format!("In-progress live migration {wanted} is not found for server {uuid}.")
        }
        Some(Kind::Live) => {
            format!("Live migration {wanted} for server {uuid} is not in progress.")
        }
        Some(Kind::Resize | Kind::Cold | Kind::Evacuation) => {
            format!("Migration {wanted} for server {uuid} is not live-migration.")
        }
    };
    Ok(Error::not_found(sentence))
}
