//! The rules that every change of a server shares: who asks, may they, is the state right.
//!
//! [`Asked`] is a request as the write closures need it; handlers make one and move it in.

use std::sync::Arc;

use kit::Platform;
use kit::clock::Time;
use kit::error::{Error, Result};
use kit::http::Call;
use kit::ids::{ProjectId, RequestId, ServerId};
use kit::policy::{Caller, Guarded, Rule, Target};
use kit::workflow::{NewOperation, Workflow, submit};
use rusqlite::Connection;
use serde_json::Value;

use super::model::{LockedBy, Server, TaskState};
use super::states::Action;
use super::store;
use crate::policy;

/// A request about one server, by its id in the path.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) platform: Arc<Platform>,
    pub(crate) caller: Caller,
    pub(crate) rule: &'static Rule,
    pub(crate) is_admin: bool,
    pub(crate) now: Time,
    pub(crate) request_id: RequestId,
    /// The server's id as it came.
    pub(crate) id: String,
}

impl Asked {
    /// The request of a call.
    pub(crate) fn new(call: &Call) -> Result<Self> {
        let rule = call
            .operation
            .rule
            .ok_or_else(|| Error::internal(format!("{} has no rule", call.operation.name)))?;
        Ok(Self {
            platform: Arc::clone(&call.platform),
            caller: call.caller()?.clone(),
            rule,
            is_admin: policy::is_admin(call),
            now: call.platform.clock.now(),
            request_id: call.request_id.clone(),
            id: call.param("server_id").to_owned(),
        })
    }

    fn visible_to(&self) -> Option<ProjectId> {
        policy::visible_to(&self.platform.policy, &self.caller)
    }

    /// The server, living, opened with the operation's rule.
    pub(crate) fn open(&self, connection: &Connection) -> Result<Server> {
        let found = store::get(connection, &self.id, self.visible_to().as_ref())?;
        self.opened(found)
    }

    /// The same, a deleted one too.
    pub(crate) fn open_even_deleted(&self, connection: &Connection) -> Result<Server> {
        let found = store::get_even_deleted(connection, &self.id, self.visible_to().as_ref())?;
        self.opened(found)
    }

    fn opened(&self, found: Option<Guarded<Server>>) -> Result<Server> {
        let guarded = found.ok_or_else(|| not_found(&self.id))?;
        guarded.open(&self.platform.policy, &self.caller, self.rule)
    }

    /// The server, if the action may begin.
    pub(crate) fn open_for(&self, connection: &Connection, action: &Action) -> Result<Server> {
        let server = self.open(connection)?;
        action.check(&server, self.is_admin)?;
        Ok(server)
    }

    /// Sets the action's task and promises the work.
    pub(crate) fn begin(
        &self,
        connection: &Connection,
        server: &mut Server,
        action: &'static Action,
        workflow: &'static Workflow,
        params: Value,
    ) -> Result<()> {
        server.task_state = action.task;
        server.progress = 0;
        store::save(connection, server, self.now)?;
        submit(connection, self.now, self.operation(server, action.label, workflow, params))?;
        Ok(())
    }

    /// An operation on the server, as this request asks for it.
    pub(crate) fn operation(
        &self,
        server: &Server,
        label: &'static str,
        workflow: &'static Workflow,
        params: Value,
    ) -> NewOperation {
        NewOperation {
            workflow,
            target: server.target(),
            project: self.caller.project().unwrap_or(&server.project_id).clone(),
            user: self.caller.user_id.clone(),
            request_id: self.request_id.to_string(),
            params,
            label,
        }
    }
}

/// Nova's sentence for a server that is not there, or not the caller's.
pub(crate) fn not_found(id: &str) -> Error {
    Error::not_found(format!("Instance {id} could not be found."))
}

/// Nova's sentence for a server that is on no host.
pub(crate) fn not_ready(id: &ServerId) -> Error {
    Error::conflict(format!("Instance {id} is not ready"))
}

/// What becomes of a value that may be absent.
#[derive(Default)]
pub(crate) enum Change {
    /// It stays.
    #[default]
    Keep,
    /// It is this one, or none.
    To(Option<String>),
}

impl Change {
    /// `null` takes the value away; an absent key leaves it.
    pub(crate) fn of(body: &Value, key: &str) -> Self {
        match body.get(key) {
            None => Self::Keep,
            Some(value) => Self::To(value.as_str().map(str::to_owned)),
        }
    }

    pub(crate) fn apply(self, field: &mut Option<String>) {
        if let Self::To(value) = self {
            *field = value;
        }
    }
}

/// What `PUT /servers/{server_id}` may change; `None` leaves it.
#[derive(Default)]
pub(crate) struct Update {
    pub(crate) name: Option<String>,
    pub(crate) hostname: Option<String>,
    pub(crate) auto_disk_config: Option<bool>,
    pub(crate) description: Change,
    pub(crate) access_ipv4: Change,
    pub(crate) access_ipv6: Change,
    pub(crate) pinned_zone: Change,
}

/// Changes what an owner may change at any time, whatever is being done to the server.
pub(crate) fn update(asked: &Asked, connection: &Connection, update: Update) -> Result<Server> {
    let mut server = asked.open(connection)?;
    if let Change::To(zone) = &update.pinned_zone {
        check_pin(&server, zone.as_deref())?;
    }
    server.name = update.name.unwrap_or(server.name);
    server.hostname = update.hostname.unwrap_or(server.hostname);
    server.auto_disk_config = update.auto_disk_config.unwrap_or(server.auto_disk_config);
    update.description.apply(&mut server.description);
    update.access_ipv4.apply(&mut server.access_ipv4);
    update.access_ipv6.apply(&mut server.access_ipv6);
    update.pinned_zone.apply(&mut server.pinned_zone);
    store::save(connection, &mut server, asked.now)?;
    Ok(server)
}

/// Nova 2.104: a server is pinned only to the zone it is in, and unpinned before it is pinned
/// elsewhere.
fn check_pin(server: &Server, wanted: Option<&str>) -> Result<()> {
    let Some(wanted) = wanted else { return Ok(()) };
    let own = server.availability_zone.as_deref().unwrap_or_default();
    match &server.pinned_zone {
        Some(pinned) if pinned != wanted => Err(Error::conflict(
            "Cannot change pinned availability zone directly. Unpin first by setting \
             pinned_availability_zone to null.",
        )),
        None if wanted != own => Err(Error::conflict(format!(
            "Server can only be pinned to its current availability zone '{own}', but '{wanted}' \
             was requested."
        ))),
        Some(_) | None => Ok(()),
    }
}

/// Locks a server. An owner does not lock what is locked, an administrator takes it over.
pub(crate) fn lock(
    asked: &Asked,
    connection: &Connection,
    reason: Option<String>,
) -> Result<Option<Server>> {
    let mut server = asked.open(connection)?;
    let own = asked.caller.project() == Some(&server.project_id);
    if server.locked_by.is_some() && own {
        return Ok(None);
    }
    server.locked_by = Some(if own { LockedBy::Owner } else { LockedBy::Admin });
    if reason.is_some() {
        server.locked_reason = reason;
    }
    store::save(connection, &mut server, asked.now)?;
    Ok(Some(server))
}

/// Unlocks a server; what an administrator locked only an administrator unlocks.
pub(crate) fn unlock(asked: &Asked, connection: &Connection) -> Result<Server> {
    let mut server = asked.open(connection)?;
    let own = asked.caller.project() == Some(&server.project_id);
    let expected = if own { LockedBy::Owner } else { LockedBy::Admin };
    if server.locked_by.is_some_and(|locked_by| locked_by != expected) {
        let target = Target::project(&server.project_id);
        let rule = &policy::SERVERS_UNLOCK_OVERRIDE;
        asked.platform.policy.authorize(rule, &asked.caller, &target)?;
    }
    server.locked_by = None;
    server.locked_reason = None;
    store::save(connection, &mut server, asked.now)?;
    Ok(server)
}

/// Replaces the metadata by what `change` makes of it, within the quota.
pub(crate) fn change_metadata(
    asked: &Asked,
    connection: &Connection,
    action: &Action,
    change: impl FnOnce(&mut serde_json::Map<String, Value>) -> Result<()>,
) -> Result<Server> {
    let mut server = asked.open(connection)?;
    let mut metadata = server.metadata.clone();
    change(&mut metadata)?;
    check_metadata_quota(&asked.platform, connection, &server.project_id, metadata.len())?;
    action.check(&server, asked.is_admin)?;
    server.metadata = metadata;
    store::save(connection, &mut server, asked.now)?;
    Ok(server)
}

/// Nova: `_check_metadata_properties_quota`.
pub(crate) fn check_metadata_quota(
    platform: &Platform,
    connection: &Connection,
    project: &ProjectId,
    items: usize,
) -> Result<()> {
    let limit = platform.quotas.limit(connection, project, "metadata_items")?;
    if limit >= 0 && i64::try_from(items).is_ok_and(|items| items > limit) {
        let sentence = format!("Maximum number of metadata items exceeds {limit}");
        return Err(Error::quota(sentence));
    }
    Ok(())
}

/// Replaces the tags by what `change` makes of them. Tags are free of locks and tasks, but not
/// of states that no tag outlives (Nova: `server_tags.py`).
pub(crate) fn change_tags<T>(
    asked: &Asked,
    connection: &Connection,
    action: &Action,
    change: impl FnOnce(&Server, &mut Vec<String>) -> Result<T>,
) -> Result<T> {
    let mut server = asked.open_for(connection, action)?;
    let mut tags = server.tags.clone();
    let outcome = change(&server, &mut tags)?;
    server.tags = tags;
    store::save(connection, &mut server, asked.now)?;
    Ok(outcome)
}

/// Whether the server is on its way out.
pub(crate) fn is_going(server: &Server) -> bool {
    matches!(server.task_state, Some(TaskState::Deleting | TaskState::SoftDeleting))
}
