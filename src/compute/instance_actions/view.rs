//! What the API shows of an operation of the journal.

use kit::clock::Time;
use kit::http::{Cx, Field, Span, View, since};
use kit::workflow::{Operation, State};
use serde_json::{Value, json};

use crate::microversions::{ACTION_HOST, ACTION_PAGES, BASE, EVENT_DETAILS, EVENTS_FOR_ALL};
use crate::policy;
use crate::servers::model::Server;
use crate::servers::view::host_hash;

/// An operation on a server.
pub(crate) struct Shown {
    pub(crate) operation: Operation,
    pub(crate) of: Of,
}

/// What its operations are of.
#[derive(Clone)]
pub(crate) struct Of {
    pub(crate) server: Server,
    /// The host that works on it. Nova: that of the service, which is somewhere even where the server
    /// is on no host.
    pub(crate) worker: String,
}

const EVER: &[Span] = &[since(BASE)];

const fn field(
    key: &'static str,
    versions: &'static [Span],
    render: fn(&Shown, &Cx<'_>) -> Value,
) -> Field<Shown> {
    Field { key, versions, rule: None, render }
}

/// A row of the list.
pub(crate) static SUMMARY: View<Shown> = View(&[
    field("action", EVER, |s, _| json!(s.operation.label)),
    field("instance_uuid", EVER, |s, _| json!(s.of.server.id)),
    field("request_id", EVER, |s, _| json!(s.operation.request_id)),
    field("user_id", EVER, |s, _| json!(s.operation.user)),
    field("project_id", EVER, |s, _| json!(s.operation.project)),
    field("start_time", EVER, |s, _| json!(s.operation.created_at.iso_micro())),
    field("message", EVER, |s, _| json!(failed(&s.operation).then_some("Error"))),
    field("updated_at", &[since(ACTION_PAGES)], |s, _| json!(s.operation.updated_at.iso_micro())),
]);

/// What an operation did, as Nova's compute manager names it. One event each: Nova's are calls
/// between its processes, and there is one process.
static EVENT: View<Shown> = View(&[
    field("event", EVER, |s, _| json!(event_name(&s.operation.label))),
    field("start_time", EVER, |s, _| {
        let start = s.operation.started_at.unwrap_or(s.operation.created_at);
        json!(start.iso_micro())
    }),
    field("finish_time", EVER, |s, _| json!(s.operation.finished_at.map(Time::iso_micro))),
    field("result", EVER, |s, _| json!(result(&s.operation))),
    Field {
        key: "traceback",
        versions: EVER,
        rule: Some(&policy::INSTANCE_ACTIONS_EVENTS),
        render: |s, _| json!(s.operation.error),
    },
    Field {
        key: "host",
        versions: &[since(ACTION_HOST)],
        rule: Some(&policy::INSTANCE_ACTIONS_EVENTS),
        render: |s, _| json!(s.of.worker),
    },
    field("hostId", &[since(ACTION_HOST)], |s, _| {
        json!(host_hash(s.operation.project.as_str(), &s.of.worker))
    }),
    Field {
        key: "details",
        versions: &[since(EVENT_DETAILS)],
        rule: Some(&policy::INSTANCE_ACTIONS_DETAILS),
        render: |s, _| json!(s.operation.message.as_deref().filter(|text| !text.is_empty())),
    },
]);

/// A label of the journal and Nova's name of its event; others are `compute_<label>_instance`.
static EVENTS: &[(&str, &str)] = &[
    ("create", "compute__do_build_and_run_instance"),
    ("delete", "compute_terminate_instance"),
    ("createImage", "compute_snapshot_instance"),
    ("createBackup", "compute_backup_instance"),
    ("shelveOffload", "compute_shelve_offload_instance"),
    ("trigger_crash_dump", "compute_trigger_crash_dump"),
    ("attach_interface", "compute_attach_interface"),
    ("detach_interface", "compute_detach_interface"),
    ("confirmResize", "compute_confirm_resize"),
    ("revertResize", "compute_finish_revert_resize"),
    ("migrate", "conductor_migrate_server"),
    ("live-migration", "conductor_live_migrate_instance"),
    ("evacuate", "compute_rebuild_instance"),
    ("lock", "api_lock"),
    ("unlock", "api_unlock"),
    ("resetState", "api_reset_state"),
];

fn event_name(label: &str) -> String {
    let own = EVENTS.iter().find(|(key, _)| *key == label).map(|(_, name)| (*name).to_owned());
    own.unwrap_or_else(|| format!("compute_{label}_instance"))
}

fn failed(operation: &Operation) -> bool {
    matches!(operation.state, State::Failed | State::Stuck | State::Cancelled)
}

fn result(operation: &Operation) -> Option<&'static str> {
    match operation.state {
        State::Queued | State::Running | State::Unwinding => None,
        State::Done => Some("Success"),
        State::Failed | State::Stuck | State::Cancelled => Some("Error"),
    }
}

/// One of them with its events, which before 2.51 only administrators saw.
pub(crate) fn detail(row: &Shown, cx: &Cx<'_>) -> Value {
    let mut action = SUMMARY.render(row, cx);
    let everybody = since(EVENTS_FOR_ALL).contains(cx.version);
    if (everybody || cx.allows(&policy::INSTANCE_ACTIONS_EVENTS))
        && let Value::Object(fields) = &mut action
    {
        fields.insert("events".to_owned(), json!([EVENT.render(row, cx)]));
    }
    action
}
