//! What may be done to a server in which state, and what state is shown. PURE.
//!
//! [`Action`] rows are the one table action × (`vm_state`, `task_state`) → allowed; they follow
//! the decorators of `nova/compute/api.py`. [`STATUSES`] is the table behind a server's `status`
//! (`nova/api/openstack/common.py`); read backwards it is the filter `status`.

use kit::engine::Power;
use kit::error::{Error, Result};
use kit::ids::ServerId;

use super::model::{PowerState, Server, TaskState, VmState};

/// Which tasks may be under way when an action begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tasks {
    /// None at all.
    Idle,
    /// None, or one of these.
    IdleOr(&'static [TaskState]),
    /// One of these.
    Only(&'static [TaskState]),
    /// Whatever is being done, but for these.
    AnyBut(&'static [TaskState]),
    /// Whatever is being done.
    Any,
}

/// What an action asks of a server.
#[derive(Debug)]
pub(crate) struct Action {
    /// As the 409 names it.
    pub(crate) name: &'static str,
    /// As instance actions name it.
    pub(crate) label: &'static str,
    /// The states it begins in; empty: all.
    pub(crate) vm_states: &'static [VmState],
    /// What may be under way.
    pub(crate) tasks: Tasks,
    /// The server must have run once.
    pub(crate) launched: bool,
    /// A lock refuses it to all but administrators.
    pub(crate) honours_lock: bool,
    /// The task it sets.
    pub(crate) task: Option<TaskState>,
}

use TaskState as T;
use VmState as V;

macro_rules! actions {
    ($($id:ident $name:literal $label:literal, $states:expr, $tasks:expr,
       launched $launched:literal, lock $lock:literal, $task:expr;)*) => {
        $(pub(crate) static $id: Action = Action {
            name: $name,
            label: $label,
            vm_states: $states,
            tasks: $tasks,
            launched: $launched,
            honours_lock: $lock,
            task: $task,
        };)*
        #[cfg(test)]
        static ALL: &[&Action] = &[$(&$id),*];
    };
}

/// Where metadata and tags may be changed.
const METADATA: &[V] = &[V::Active, V::Paused, V::Suspended, V::Stopped];
const SNAPSHOT: &[V] = &[V::Active, V::Stopped, V::Paused, V::Suspended];
const INTERFACES: &[V] = &[V::Active, V::Paused, V::Stopped];
const VOLUMES: &[V] = &[
    V::Active,
    V::Paused,
    V::Stopped,
    V::Resized,
    V::SoftDeleted,
    V::Shelved,
    V::ShelvedOffloaded,
];
const HARD_REBOOT: &[V] = &[V::Active, V::Stopped, V::Paused, V::Suspended, V::Error];
const CRASH_DUMP: &[V] = &[V::Active, V::Paused, V::Rescued, V::Resized, V::Error];
/// A console of such a server would end at once.
const LEAVING: &[T] = &[T::Deleting, T::Migrating];
/// A reboot that hangs may be forced.
const FORCED: &[T] = &[
    T::Rebooting,
    T::RebootPending,
    T::RebootStarted,
    T::Resuming,
    T::RebootingHard,
    T::Unpausing,
    T::Pausing,
    T::Suspending,
];

actions! {
    START "start" "start", &[V::Stopped], Tasks::Idle, launched true, lock true, Some(T::PoweringOn);
    STOP "stop" "stop", &[V::Active, V::Error], Tasks::Idle, launched true, lock true, Some(T::PoweringOff);
    REBOOT_SOFT "reboot" "reboot", &[V::Active], Tasks::Idle, launched true, lock true, Some(T::Rebooting);
    REBOOT_HARD "reboot" "reboot", HARD_REBOOT, Tasks::IdleOr(FORCED), launched true, lock true, Some(T::RebootingHard);
    REBUILD "rebuild" "rebuild", &[V::Active, V::Stopped, V::Error], Tasks::Idle, launched true, lock true, Some(T::Rebuilding);
    RESIZE "resize" "resize", &[V::Active, V::Stopped], Tasks::Idle, launched true, lock true, Some(T::ResizePrep);
    CONFIRM_RESIZE "confirmResize" "confirmResize", &[V::Resized], Tasks::Idle, launched true, lock true, Some(T::ResizeConfirming);
    REVERT_RESIZE "revertResize" "revertResize", &[V::Resized], Tasks::Idle, launched true, lock true, Some(T::ResizeReverting);
    MIGRATE "migrate" "migrate", &[V::Active, V::Stopped], Tasks::Idle, launched true, lock true, None;
    LIVE_MIGRATE "os-migrateLive" "live-migration", &[V::Active, V::Paused], Tasks::Idle, launched true, lock true, None;
    EVACUATE "evacuate" "evacuate", &[V::Active, V::Stopped, V::Error], Tasks::Idle, launched true, lock false, None;
    FORCE_COMPLETE "force_complete" "live_migration_force_complete", &[V::Active], Tasks::Only(&[T::Migrating]), launched true, lock true, None;
    ABORT_MIGRATION "abort live migration" "live_migration_cancel", &[], Tasks::Only(&[T::Migrating]), launched true, lock true, None;
    GET_CONSOLE "get_console" "", &[], Tasks::AnyBut(LEAVING), launched false, lock false, None;
    GET_VNC_CONSOLE "get_vnc_console" "", &[], Tasks::AnyBut(LEAVING), launched false, lock false, None;
    GET_SERIAL_CONSOLE "get_serial_console" "", &[], Tasks::AnyBut(LEAVING), launched false, lock false, None;
    PAUSE "pause" "pause", &[V::Active], Tasks::Idle, launched true, lock true, Some(T::Pausing);
    UNPAUSE "unpause" "unpause", &[V::Paused], Tasks::Idle, launched true, lock true, Some(T::Unpausing);
    SUSPEND "suspend" "suspend", &[V::Active], Tasks::Idle, launched true, lock true, Some(T::Suspending);
    RESUME "resume" "resume", &[V::Suspended], Tasks::Idle, launched true, lock true, Some(T::Resuming);
    CHANGE_PASSWORD "changePassword" "changePassword", &[V::Active], Tasks::Idle, launched true, lock true, Some(T::UpdatingPassword);
    CREATE_IMAGE "createImage" "createImage", SNAPSHOT, Tasks::Idle, launched true, lock false, Some(T::ImageSnapshotPending);
    CREATE_BACKUP "createBackup" "createBackup", SNAPSHOT, Tasks::Idle, launched true, lock false, Some(T::ImageBackup);
    SHELVE "shelve" "shelve", SNAPSHOT, Tasks::Idle, launched true, lock true, Some(T::Shelving);
    SHELVE_OFFLOAD "shelveOffload" "shelveOffload", &[V::Shelved], Tasks::Idle, launched true, lock true, Some(T::ShelvingOffloading);
    UNSHELVE "unshelve" "unshelve", &[V::Shelved, V::ShelvedOffloaded], Tasks::Idle, launched true, lock true, Some(T::Unshelving);
    DELETE "delete" "delete", &[], Tasks::Any, launched false, lock true, Some(T::Deleting);
    FORCE_DELETE "forceDelete" "delete", &[], Tasks::Any, launched false, lock true, Some(T::Deleting);
    SOFT_DELETE "delete" "delete", &[], Tasks::Any, launched true, lock true, Some(T::SoftDeleting);
    RESTORE "restore" "restore", &[V::SoftDeleted], Tasks::Idle, launched true, lock true, Some(T::Restoring);
    RESCUE "rescue" "rescue", &[V::Active, V::Stopped, V::Error], Tasks::Idle, launched true, lock true, Some(T::Rescuing);
    UNRESCUE "unrescue" "unrescue", &[V::Rescued], Tasks::Idle, launched true, lock true, Some(T::Unrescuing);
    TRIGGER_CRASH_DUMP "trigger_crash_dump" "trigger_crash_dump", CRASH_DUMP, Tasks::Idle, launched true, lock true, None;
    INJECT_NETWORK_INFO "inject_network_info" "", &[], Tasks::Any, launched false, lock true, None;
    ADD_FIXED_IP "add_fixed_ip" "", &[], Tasks::Any, launched false, lock true, None;
    REMOVE_FIXED_IP "remove_fixed_ip" "", &[], Tasks::Any, launched false, lock true, None;
    ATTACH_INTERFACE "attach_interface" "attach_interface", INTERFACES, Tasks::Idle, launched true, lock true, None;
    DETACH_INTERFACE "detach_interface" "detach_interface", INTERFACES, Tasks::Idle, launched true, lock true, None;
    ATTACH_VOLUME "attach_volume" "", VOLUMES, Tasks::Idle, launched true, lock true, None;
    CREATE_SHARE "create share" "", &[V::Stopped], Tasks::Any, launched false, lock false, None;
    DELETE_SHARE "delete share" "", &[V::Stopped, V::Error], Tasks::Any, launched false, lock false, None;
    SET_METADATA "update metadata" "", METADATA, Tasks::Any, launched true, lock true, None;
    DELETE_METADATA "delete metadata" "", METADATA, Tasks::Any, launched true, lock true, None;
    UPDATE_TAG "update tag" "", METADATA, Tasks::Any, launched false, lock false, None;
    UPDATE_TAGS "update tags" "", METADATA, Tasks::Any, launched false, lock false, None;
    DELETE_TAG "delete tag" "", METADATA, Tasks::Any, launched false, lock false, None;
    DELETE_TAGS "delete tags" "", METADATA, Tasks::Any, launched false, lock false, None;
}

impl Action {
    /// Whether the action may begin; the error is Nova's 409.
    pub(crate) fn check(&self, server: &Server, is_admin: bool) -> Result<()> {
        if self.honours_lock && server.locked_by.is_some() && !is_admin {
            return Err(Error::conflict(format!("Instance {} is locked", server.id)));
        }
        self.check_state(server)
    }

    fn check_state(&self, server: &Server) -> Result<()> {
        let state_fits = self.vm_states.is_empty() || self.vm_states.contains(&server.vm_state);
        if !state_fits {
            return Err(self.conflict(&server.id, "vm_state", server.vm_state.as_str()));
        }
        if !self.tasks.allow(server.task_state) {
            let task = server.task_state.map_or("None", TaskState::as_str);
            return Err(self.conflict(&server.id, "task_state", task));
        }
        if self.launched && server.launched_at.is_none() {
            let sentence =
                format!("Instance {} is in an invalid state for '{}'", server.id, self.name);
            return Err(Error::conflict(sentence));
        }
        Ok(())
    }

    /// Nova: `raise_http_conflict_for_instance_invalid_state`.
    pub(crate) fn conflict(&self, id: &ServerId, attribute: &str, state: &str) -> Error {
        let name = self.name;
        Error::conflict(format!("Cannot '{name}' instance {id} while it is in {attribute} {state}"))
    }
}

impl Tasks {
    fn allow(self, task: Option<TaskState>) -> bool {
        match self {
            Self::Idle => task.is_none(),
            Self::IdleOr(tasks) => task.is_none_or(|task| tasks.contains(&task)),
            Self::Only(tasks) => task.is_some_and(|task| tasks.contains(&task)),
            Self::AnyBut(tasks) => task.is_none_or(|task| !tasks.contains(&task)),
            Self::Any => true,
        }
    }
}

/// One row: with this task the state shows as that status.
struct Status {
    state: VmState,
    /// `None`: every task that has no row of its own.
    tasks: Option<&'static [TaskState]>,
    shown: &'static str,
}

const fn plain(state: VmState, shown: &'static str) -> Status {
    Status { state, tasks: None, shown }
}

const fn with(state: VmState, tasks: &'static [TaskState], shown: &'static str) -> Status {
    Status { state, tasks: Some(tasks), shown }
}

const SOFT: &[T] = &[T::Rebooting, T::RebootPending, T::RebootStarted];
const HARD: &[T] = &[T::RebootingHard, T::RebootPendingHard, T::RebootStartedHard];
const REBUILDS: &[T] = &[T::Rebuilding, T::RebuildBlockDeviceMapping, T::RebuildSpawning];
const RESIZES: &[T] = &[T::ResizePrep, T::ResizeMigrating, T::ResizeMigrated, T::ResizeFinish];

/// A state's plain row comes after its rows with tasks.
static STATUSES: &[Status] = &[
    with(V::Active, SOFT, "REBOOT"),
    with(V::Active, HARD, "HARD_REBOOT"),
    with(V::Active, &[T::UpdatingPassword], "PASSWORD"),
    with(V::Active, REBUILDS, "REBUILD"),
    with(V::Active, &[T::Migrating], "MIGRATING"),
    with(V::Active, RESIZES, "RESIZE"),
    plain(V::Active, "ACTIVE"),
    plain(V::Building, "BUILD"),
    with(V::Stopped, RESIZES, "RESIZE"),
    with(V::Stopped, REBUILDS, "REBUILD"),
    plain(V::Stopped, "SHUTOFF"),
    with(V::Resized, &[T::ResizeReverting], "REVERT_RESIZE"),
    plain(V::Resized, "VERIFY_RESIZE"),
    with(V::Paused, &[T::Migrating], "MIGRATING"),
    plain(V::Paused, "PAUSED"),
    plain(V::Suspended, "SUSPENDED"),
    plain(V::Rescued, "RESCUE"),
    with(V::Error, REBUILDS, "REBUILD"),
    plain(V::Error, "ERROR"),
    plain(V::Deleted, "DELETED"),
    plain(V::SoftDeleted, "SOFT_DELETED"),
    plain(V::Shelved, "SHELVED"),
    plain(V::ShelvedOffloaded, "SHELVED_OFFLOADED"),
];

/// The `status` of a server that is not deleted.
pub(crate) fn status(vm_state: VmState, task_state: Option<TaskState>) -> &'static str {
    let fits = |row: &&Status| {
        row.state == vm_state
            && row.tasks.is_none_or(|tasks| task_state.is_some_and(|task| tasks.contains(&task)))
    };
    STATUSES.iter().find(fits).map_or("UNKNOWN", |row| row.shown)
}

/// What a filter by `status` looks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) vm_states: Vec<VmState>,
    /// `None`: whatever is being done.
    pub(crate) tasks: Option<Vec<TaskState>>,
}

/// The states that show as one of `statuses`; `None` when there is no such status.
///
/// Nova drops the filter on tasks as soon as one of the rows has none.
pub(crate) fn states_of<'a>(statuses: impl Iterator<Item = &'a str>) -> Option<Wanted> {
    let asked: Vec<&str> = statuses.collect();
    let rows: Vec<&Status> = STATUSES
        .iter()
        .filter(|row| asked.iter().any(|status| status.eq_ignore_ascii_case(row.shown)))
        .collect();
    if rows.is_empty() {
        return None;
    }
    let tasks: Option<Vec<&[TaskState]>> = rows.iter().map(|row| row.tasks).collect();
    let mut vm_states: Vec<VmState> = rows.iter().map(|row| row.state).collect();
    vm_states.dedup();
    Some(Wanted { vm_states, tasks: tasks.map(|tasks| tasks.concat()) })
}

/// What a guest's power is in Nova's words. A suspended guest is frozen to the engine.
pub(crate) fn power_state(power: Power) -> PowerState {
    match power {
        Power::Created => PowerState::NoState,
        Power::Running => PowerState::Running,
        Power::Paused => PowerState::Paused,
        Power::Stopped => PowerState::Shutdown,
        Power::Dead => PowerState::Crashed,
    }
}

/// What the look at a guest makes of its server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// States and power agree.
    Fine,
    /// Only the power is noted.
    NotePower,
    /// The guest ended by itself: the server is stopped.
    Stop,
    /// The guest was started outside: Nova stops it again.
    StopGuest,
}

/// Nova: `_sync_instance_power_state`, the table state × observed power. `None` is a guest that
/// is gone, which Nova's drivers report as no state at all: it is noted and warned of, because
/// nobody but its owner may decide that a server without a guest is to be given up.
pub(crate) fn observe(
    vm_state: VmState,
    noted: PowerState,
    observed: Option<PowerState>,
) -> Verdict {
    let seen = observed.unwrap_or(PowerState::NoState);
    match (vm_state, seen) {
        (V::Active | V::Paused, PowerState::Shutdown | PowerState::Crashed) => Verdict::Stop,
        (V::Stopped, PowerState::Running | PowerState::Paused) => Verdict::StopGuest,
        // It is on no host where a guest could be missed.
        (V::ShelvedOffloaded, _) => Verdict::Fine,
        _ if seen == noted => Verdict::Fine,
        _ => Verdict::NotePower,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::servers::model::LockedBy;
    use crate::testing::server;

    #[test]
    fn the_status_of_a_state_depends_on_its_task() {
        assert_eq!(status(V::Active, None), "ACTIVE");
        assert_eq!(status(V::Active, Some(T::PoweringOff)), "ACTIVE");
        assert_eq!(status(V::Active, Some(T::Rebooting)), "REBOOT");
        assert_eq!(status(V::Stopped, Some(T::ResizePrep)), "RESIZE");
        assert_eq!(status(V::Resized, Some(T::ResizeReverting)), "REVERT_RESIZE");
        for state in VmState::ALL {
            assert_ne!(status(*state, None), "UNKNOWN", "{state}");
        }
    }

    #[test]
    fn a_status_read_backwards_is_a_filter() {
        let reboot = states_of(["reboot"].into_iter()).unwrap();
        assert_eq!(reboot.vm_states, [V::Active]);
        assert_eq!(reboot.tasks.as_deref(), Some(SOFT));
        assert_eq!(states_of(["ACTIVE", "REBOOT"].into_iter()).unwrap().tasks, None);
        assert_eq!(states_of(["NOPE"].into_iter()), None);
    }

    #[test]
    fn every_action_is_refused_in_the_states_outside_its_row() {
        for action in ALL {
            for state in VmState::ALL {
                let mut server = server("s");
                server.vm_state = *state;
                if let Tasks::Only(tasks) = action.tasks {
                    server.task_state = tasks.first().copied();
                }
                let allowed = action.vm_states.is_empty() || action.vm_states.contains(state);
                assert_eq!(action.check(&server, false).is_ok(), allowed, "{action:?} {state}");
            }
        }
    }

    #[test]
    fn the_conflict_names_state_or_task() {
        let mut server = server("s");
        let error = START.check(&server, false).unwrap_err();
        let sentence =
            format!("Cannot 'start' instance {} while it is in vm_state active", server.id);
        assert_eq!(error.public, sentence);
        server.task_state = Some(T::PoweringOff);
        let error = STOP.check(&server, false).unwrap_err();
        assert!(error.public.ends_with("while it is in task_state powering-off"), "{error}");
        assert!(DELETE.check(&server, false).is_ok());
    }

    #[test]
    fn a_lock_holds_for_everybody_but_administrators() {
        let mut server = server("s");
        server.locked_by = Some(LockedBy::Owner);
        let error = STOP.check(&server, false).unwrap_err();
        assert_eq!(error.public, format!("Instance {} is locked", server.id));
        assert!(STOP.check(&server, true).is_ok());
        assert!(CREATE_IMAGE.check(&server, false).is_ok());
    }

    #[test]
    fn a_hanging_reboot_may_be_forced() {
        let mut server = server("s");
        server.task_state = Some(T::Rebooting);
        assert!(REBOOT_SOFT.check(&server, false).is_err());
        assert!(REBOOT_HARD.check(&server, false).is_ok());
    }

    #[test]
    fn a_guest_that_ends_stops_its_server_and_one_that_is_gone_is_noted() {
        let active = |seen| observe(V::Active, PowerState::Running, seen);
        assert_eq!(active(Some(PowerState::Running)), Verdict::Fine);
        assert_eq!(active(Some(PowerState::Shutdown)), Verdict::Stop);
        assert_eq!(active(None), Verdict::NotePower);
        let stopped = |seen| observe(V::Stopped, PowerState::Shutdown, Some(seen));
        assert_eq!(stopped(PowerState::Shutdown), Verdict::Fine);
        assert_eq!(stopped(PowerState::Running), Verdict::StopGuest);
    }
}
