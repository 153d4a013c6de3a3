//! What a server is: its row, its states, the copies it keeps of its flavor and key pair.
//!
//! No I/O. The names of states are Nova's (`nova/compute/{vm,task,power}_states.py`).

use std::collections::BTreeMap;

use kit::clock::Time;
use kit::ids::{FlavorId, ImageId, ProjectId, ServerId, UserId};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::container::Container;

kit::text_enum! {
    /// The stable state of a server.
    pub enum VmState {
        /// Not yet started for the first time.
        Building = "building",
        /// Runs.
        Active = "active",
        /// Frozen.
        Paused = "paused",
        /// Frozen, meant for longer.
        Suspended = "suspended",
        /// Ended or stopped.
        Stopped = "stopped",
        /// Runs a rescue image.
        Rescued = "rescued",
        /// Waits for a human to confirm or revert a resize.
        Resized = "resized",
        /// Deleted, can be restored.
        SoftDeleted = "soft-delete",
        /// Gone.
        Deleted = "deleted",
        /// Broken; the fault says why.
        Error = "error",
        /// Kept as an image, the guest still there.
        Shelved = "shelved",
        /// Kept as an image.
        ShelvedOffloaded = "shelved_offloaded",
    }
}

kit::text_enum! {
    /// What is being done to a server.
    pub enum TaskState {
        /// A host is being chosen.
        Scheduling = "scheduling",
        /// Its volumes are being prepared.
        BlockDeviceMapping = "block_device_mapping",
        /// Its ports are being made.
        Networking = "networking",
        /// Its guest is being made.
        Spawning = "spawning",
        /// A snapshot was asked for.
        ImageSnapshotPending = "image_snapshot_pending",
        /// A snapshot is being taken.
        ImageSnapshot = "image_snapshot",
        /// A snapshot is about to be stored.
        ImagePendingUpload = "image_pending_upload",
        /// A snapshot is being stored.
        ImageUploading = "image_uploading",
        /// A backup is being taken.
        ImageBackup = "image_backup",
        /// Its password is being set.
        UpdatingPassword = "updating_password",
        /// A resize was asked for.
        ResizePrep = "resize_prep",
        /// It is being moved.
        ResizeMigrating = "resize_migrating",
        /// It was moved.
        ResizeMigrated = "resize_migrated",
        /// It is being started with its new size.
        ResizeFinish = "resize_finish",
        /// It goes back to its old size.
        ResizeReverting = "resize_reverting",
        /// The old size is being thrown away.
        ResizeConfirming = "resize_confirming",
        /// Reboots softly.
        Rebooting = "rebooting",
        /// Will reboot softly.
        RebootPending = "reboot_pending",
        /// Has begun to reboot softly.
        RebootStarted = "reboot_started",
        /// Reboots the hard way.
        RebootingHard = "rebooting_hard",
        /// Will reboot the hard way.
        RebootPendingHard = "reboot_pending_hard",
        /// Has begun to reboot the hard way.
        RebootStartedHard = "reboot_started_hard",
        /// Is being frozen.
        Pausing = "pausing",
        /// Is being thawed.
        Unpausing = "unpausing",
        /// Is being suspended.
        Suspending = "suspending",
        /// Is being resumed.
        Resuming = "resuming",
        /// Is being stopped.
        PoweringOff = "powering-off",
        /// Is being started.
        PoweringOn = "powering-on",
        /// Is being rescued.
        Rescuing = "rescuing",
        /// Comes back from rescue.
        Unrescuing = "unrescuing",
        /// Is being made anew.
        Rebuilding = "rebuilding",
        /// Its volumes are being prepared anew.
        RebuildBlockDeviceMapping = "rebuild_block_device_mapping",
        /// Its guest is being made anew.
        RebuildSpawning = "rebuild_spawning",
        /// Is being moved while it runs.
        Migrating = "migrating",
        /// Is being deleted.
        Deleting = "deleting",
        /// Is being deleted, to be restored perhaps.
        SoftDeleting = "soft-deleting",
        /// Comes back from being deleted.
        Restoring = "restoring",
        /// Is being shelved.
        Shelving = "shelving",
        /// Its image is about to be stored.
        ShelvingImagePendingUpload = "shelving_image_pending_upload",
        /// Its image is being stored.
        ShelvingImageUploading = "shelving_image_uploading",
        /// Its guest is being removed.
        ShelvingOffloading = "shelving_offloading",
        /// Comes back from the shelf.
        Unshelving = "unshelving",
    }
}

kit::text_enum! {
    /// Who locked a server.
    pub enum LockedBy {
        /// A member of its project.
        Owner = "owner",
        /// An administrator from outside.
        Admin = "admin",
    }
}

/// What the guest is doing, in Nova's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum PowerState {
    /// Unknown, or no guest.
    NoState = 0,
    /// Runs.
    Running = 1,
    /// Frozen.
    Paused = 3,
    /// Ended.
    Shutdown = 4,
    /// Given up by the engine.
    Crashed = 6,
    /// Suspended.
    Suspended = 7,
}

impl PowerState {
    /// Every value.
    pub const ALL: [Self; 6] = [
        Self::NoState,
        Self::Running,
        Self::Paused,
        Self::Shutdown,
        Self::Crashed,
        Self::Suspended,
    ];

    /// Nova's number.
    pub const fn number(self) -> i64 {
        self as i64
    }
}

impl ToSql for PowerState {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.number().into())
    }
}

impl FromSql for PowerState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        Self::ALL
            .into_iter()
            .find(|state| state.number() == number)
            .ok_or(FromSqlError::OutOfRange(number))
    }
}

/// The flavor as it was when the server was made; later changes do not reach it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlavorCopy {
    /// Its id.
    pub id: FlavorId,
    /// Its name.
    pub name: String,
    /// CPUs.
    pub vcpus: i64,
    /// Memory, MiB.
    pub ram_mb: i64,
    /// Root disk, GiB.
    pub disk_gb: i64,
    /// Extra disk, GiB.
    pub ephemeral_gb: i64,
    /// Swap, MiB.
    pub swap_mb: i64,
    /// Its extra specs.
    pub extra_specs: BTreeMap<String, String>,
}

/// The key pair as it was when the server was made; it may be deleted meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyCopy {
    /// Its name.
    pub name: String,
    /// `ssh` or `x509`.
    pub kind: String,
    /// The public key or certificate.
    pub public_key: String,
}

/// A server that was shelved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelved {
    /// What its guest is kept as.
    pub image: ImageId,
    /// When it was shelved.
    pub at: Time,
}

/// A server, all of its row.
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// Order of creation; 0 before the insert.
    pub number: i64,
    /// Its id.
    pub id: ServerId,
    /// Whose it is.
    pub project_id: ProjectId,
    /// Who made it.
    pub user_id: UserId,
    /// Its name.
    pub name: String,
    /// The guest's host name.
    pub hostname: String,
    /// What its maker says of it.
    pub description: Option<String>,
    /// What it boots.
    pub image_id: Option<ImageId>,
    /// The image's properties as they were at boot.
    pub image_properties: BTreeMap<String, String>,
    /// What it may use.
    pub flavor: FlavorCopy,
    /// Its stable state.
    pub vm_state: VmState,
    /// What is being done to it.
    pub task_state: Option<TaskState>,
    /// What the guest does.
    pub power_state: PowerState,
    /// Progress of what is being done, percent.
    pub progress: i64,
    /// The host it is on, once placed.
    pub host: Option<String>,
    /// The host's zone.
    pub availability_zone: Option<String>,
    /// The zone asked for.
    pub pinned_zone: Option<String>,
    /// The name of its key pair.
    pub key_name: Option<String>,
    /// Its key pair.
    pub key_pair: Option<KeyCopy>,
    /// Base64, as it came.
    pub user_data: Option<String>,
    /// Whether a config drive was asked for.
    pub config_drive: bool,
    /// An address of the owner's choice; shown, never used.
    pub access_ipv4: Option<String>,
    /// The same, IPv6.
    pub access_ipv6: Option<String>,
    /// `OS-DCF:diskConfig` is AUTO.
    pub auto_disk_config: bool,
    /// Who locked it.
    pub locked_by: Option<LockedBy>,
    /// Why.
    pub locked_reason: Option<String>,
    /// Servers of one request share it.
    pub reservation_id: String,
    /// Which of them it is, from 0.
    pub launch_index: i64,
    /// The hints of its request.
    pub scheduler_hints: Map<String, Value>,
    /// Set for a plain container.
    pub container: Option<Container>,
    /// Set from the time it is shelved until it runs again.
    pub shelved: Option<Shelved>,
    /// Whether a rescue guest, or what it mounts, may be on the engine.
    pub has_rescue: bool,
    /// Since when it has been deleted softly.
    pub soft_deleted_at: Option<Time>,
    /// The owner's metadata, in the order of insertion.
    pub metadata: Map<String, Value>,
    /// The owner's tags.
    pub tags: Vec<String>,
    /// When it was asked for.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
    /// When it first ran.
    pub launched_at: Option<Time>,
    /// When its guest was removed.
    pub terminated_at: Option<Time>,
    /// When it ended.
    pub deleted_at: Option<Time>,
}

impl Server {
    /// The lock of the server in the journal.
    pub fn target(&self) -> String {
        operation_target(&self.id)
    }

    /// The name of the guest that is the server now.
    pub fn engine_name(&self) -> String {
        guest_name(&self.id, self.vm_state)
    }

    /// Whether its fault, if it has one, is shown.
    pub fn may_have_fault(&self) -> bool {
        self.vm_state == VmState::Error || self.deleted_at.is_some()
    }

    /// Nova's `instance_name`.
    pub fn instance_name(&self) -> String {
        format!("instance-{:08x}", self.number)
    }
}

/// The target of a server's operations in the journal.
pub fn operation_target(id: &ServerId) -> String {
    format!("server:{id}")
}

/// The name of a server's guest on the engine.
pub fn engine_name(id: &ServerId) -> String {
    format!("nova-{id}")
}

/// The name of the guest that is the server in this state.
pub(crate) fn guest_name(id: &ServerId, state: VmState) -> String {
    if state == VmState::Rescued { rescue_name(id) } else { engine_name(id) }
}

const RESCUE_SUFFIX: &str = "-rescue";

/// The name of a server's rescue guest.
pub(crate) fn rescue_name(id: &ServerId) -> String {
    format!("{}{RESCUE_SUFFIX}", engine_name(id))
}

/// The volume by which a rescue guest has the server's file system.
pub(crate) fn root_volume(id: &ServerId) -> String {
    format!("{}-root", engine_name(id))
}

/// The server that a guest of this name belongs to.
pub(crate) fn server_of_guest(name: &str) -> Option<ServerId> {
    let id = name.strip_prefix("nova-")?;
    Some(ServerId::from(id.strip_suffix(RESCUE_SUFFIX).unwrap_or(id)))
}

/// Why a server is in ERROR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// As an HTTP status.
    pub code: i64,
    /// For everybody who sees the server.
    pub message: String,
    /// For administrators, when the code is 500.
    pub details: String,
    /// When it happened.
    pub created_at: Time,
}
