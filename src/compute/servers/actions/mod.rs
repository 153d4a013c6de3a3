//! `POST /servers/{server_id}/action`: one file per action.
//!
//! An action that works on the guest is a workflow: its handler checks the state, sets the task
//! and promises the work in one write ([`promise`]); its act speaks with the engine; its record
//! notes what came of it. Where it fails for good, the task ends, the state stays and the
//! server keeps the fault ([`give_up`](super::steps::give_up)), as in Nova.

pub(crate) mod add_fixed_ip;
pub(crate) mod add_floating_ip;
pub(crate) mod add_security_group;
pub(crate) mod change_password;
pub(crate) mod confirm_resize;
pub(crate) mod console_output;
pub(crate) mod create_backup;
pub(crate) mod create_image;
pub(crate) mod evacuate;
pub(crate) mod force_delete;
pub(crate) mod inject_network_info;
pub(crate) mod lock;
pub(crate) mod migrate;
pub(crate) mod pause;
pub(crate) mod reboot;
pub(crate) mod rebuild;
pub(crate) mod remove_fixed_ip;
pub(crate) mod remove_floating_ip;
pub(crate) mod remove_security_group;
pub(crate) mod rescue;
pub(crate) mod reset_state;
pub(crate) mod resize;
pub(crate) mod restore;
pub(crate) mod resume;
pub(crate) mod revert_resize;
pub(crate) mod shelve;
pub(crate) mod shelve_offload;
pub(crate) mod start;
pub(crate) mod stop;
pub(crate) mod suspend;
pub(crate) mod trigger_crash_dump;
pub(crate) mod unlock;
pub(crate) mod unpause;
pub(crate) mod unrescue;
pub(crate) mod unshelve;

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::workflow::Workflow;
use rusqlite::Connection;
use serde_json::Value;

use super::logic::Asked;
use super::states::Action;

/// How long an action on a guest that is there is tried.
pub(crate) const DEADLINE_SECONDS: i64 = 600;

/// Nova's sentence where the cells know nothing of a server.
fn unmapped(error: kit::Error, id: &str) -> kit::Error {
    if error.kind == kit::Kind::NotFound {
        return kit::Error::not_found(format!("Instance {id} has no mapping to a cell."));
    }
    error
}

/// Checks, sets the task, promises the work.
pub(crate) fn promise(
    asked: &Asked,
    connection: &Connection,
    action: &'static Action,
    workflow: &'static Workflow,
) -> Result<()> {
    let mut server = asked.open_for(connection, action)?;
    asked.begin(connection, &mut server, action, workflow, Value::Null)
}

/// The whole handler of an action without parameters.
pub(crate) async fn begin(
    call: &Call,
    action: &'static Action,
    workflow: &'static Workflow,
) -> Result<Reply> {
    let asked = Asked::new(call)?;
    let write = move |db: &Connection| promise(&asked, db, action, workflow);
    call.platform.store.write("servers:action", write).await?;
    Ok(Reply::empty())
}

/// The same where an unknown server has another sentence (start, stop).
pub(crate) async fn begin_mapped(
    call: &Call,
    action: &'static Action,
    workflow: &'static Workflow,
) -> Result<Reply> {
    let id = call.param("server_id").to_owned();
    begin(call, action, workflow).await.map_err(|error| unmapped(error, &id))
}
