//! `migrate` and `os-migrateLive`: a server is to go to another host. There is one host, so no other
//! is found: Nova answers, looks, and notes in action and fault that it found none. Here that is
//! known at once, and noted before the answer.

use kit::error::{Error, Result};
use kit::http::{Call, Reply, since};
use kit::policy::Rule;
use kit::workflow::note_failure;
use rusqlite::Connection;
use serde_json::Value;

use super::lock::NOTED;
use crate::microversions::{FORCE_GONE, LIVE_MIGRATE_ASYNC, LIVE_MIGRATE_FORCE, MIGRATE_HOST};
use crate::server_migrations::logic::enter;
use crate::server_migrations::model::{Kind, Status};
use crate::servers::logic::Asked;
use crate::servers::model::{Server, VmState};
use crate::servers::states::{self, Action};
use crate::servers::{faults, store};
use crate::{hosts, loose, policy};

/// Nova's sentence where the scheduler finds none.
pub(super) const NO_HOST: &str = "No valid host was found. There are not enough hosts available.";
/// The same of a cold migration.
const NO_HOST_COLD: &str = "No valid host was found. No valid host found for cold migrate";

/// The handler of `migrate`.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let host = text(call.wrapped("migrate"), "host");
    let host = host.filter(|_| since(MIGRATE_HOST).contains(call.version));
    let write = move |db: &Connection| migrate(&asked, db, host.as_deref());
    call.platform.store.write("servers:migrate", write).await?;
    Ok(Reply::empty())
}

fn migrate(asked: &Asked, connection: &Connection, host: Option<&str>) -> Result<()> {
    let action = &states::MIGRATE;
    let server = open(asked, connection, action, host, &policy::SERVERS_MIGRATE_HOST)?;
    hosts::logic::require_up(connection, server.host.as_deref())?;
    if host.is_some() && host == server.host.as_deref() {
        let sentence = "Cannot migrate to the host where the server exists.";
        return Err(Error::bad_request(sentence));
    }
    require_known(connection, host)?;
    refuse(asked, connection, server, action, Kind::Cold, NO_HOST_COLD)
}

/// The handler of `os-migrateLive`. Until 2.33 it looks before it answers.
pub(crate) async fn run_live(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let body = call.wrapped("os-migrateLive");
    let host = text(body, "host");
    let stays_unforced = since(LIVE_MIGRATE_FORCE).contains(call.version);
    let forced = flag(body, "force") && !since(FORCE_GONE).contains(call.version);
    if forced && host.is_none() {
        return Err(no_destination());
    }
    let asks_scheduler = stays_unforced && !forced;
    let write = move |db: &Connection| migrate_live(&asked, db, host.as_deref(), asks_scheduler);
    let why = call.platform.store.write("servers:live-migrate", write).await?;
    if since(LIVE_MIGRATE_ASYNC).contains(call.version) {
        return Ok(Reply::empty());
    }
    Err(Error::bad_request(why))
}

/// Why it went wrong. A host that the scheduler is not asked about is that of the server.
fn migrate_live(
    asked: &Asked,
    connection: &Connection,
    host: Option<&str>,
    asks_scheduler: bool,
) -> Result<String> {
    let action = &states::LIVE_MIGRATE;
    let server = open(asked, connection, action, host, &policy::SERVERS_MIGRATE_LIVE_HOST)?;
    require_known(connection, host)?;
    let why = match host {
        Some(host) if !asks_scheduler => {
            let id = &server.id;
            format!("Unable to migrate instance ({id}) to current host ({host}).")
        }
        Some(_) | None => NO_HOST.to_owned(),
    };
    refuse(asked, connection, server, action, Kind::Live, &why)?;
    Ok(why)
}

/// The server, if the action may begin; naming a host takes a rule of its own, and only that.
fn open(
    asked: &Asked,
    connection: &Connection,
    action: &'static Action,
    host: Option<&str>,
    rule_of_host: &'static Rule,
) -> Result<Server> {
    let rule = if host.is_some() { rule_of_host } else { asked.rule };
    Asked { rule, ..asked.clone() }.open_for(connection, action)
}

fn require_known(connection: &Connection, host: Option<&str>) -> Result<()> {
    match host {
        Some(name) if !hosts::store::exists(connection, name)? => {
            Err(Error::bad_request(format!("Compute host {name} could not be found.")))
        }
        Some(_) | None => Ok(()),
    }
}

/// Notes that it failed: as a migration, as an instance action and as a fault, which shows when the
/// server is in ERROR.
pub(super) fn refuse(
    asked: &Asked,
    connection: &Connection,
    mut server: Server,
    action: &'static Action,
    kind: Kind,
    why: &str,
) -> Result<()> {
    enter(asked, connection, &server, kind, Status::Error, &server.flavor)?;
    if kind == Kind::Evacuation {
        server.vm_state = VmState::Error;
    }
    let operation = asked.operation(&server, action.label, &NOTED, Value::Null);
    note_failure(connection, asked.now, operation, why)?;
    faults::note_refusal(connection, asked.now, &server, why)?;
    store::save(connection, &mut server, asked.now)
}

/// Nova's sentence where a host is to be forced that nobody named.
pub(super) fn no_destination() -> Error {
    Error::bad_request("Can't force to a non-provided destination")
}

pub(super) fn text(body: &Value, key: &str) -> Option<String> {
    body.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

pub(super) fn flag(body: &Value, key: &str) -> bool {
    body.get(key).map(loose::text).as_deref().and_then(loose::boolean).unwrap_or(false)
}
