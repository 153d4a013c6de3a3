//! A snapshot as it is kept.

use kit::clock::Time;
use kit::ids::{ProjectId, StackId, StackSnapshotId};
use kit::text_enum;

use crate::stack_exports::model::Export;
use crate::stacks::model::Status;

text_enum! {
    /// What is done, or was done last, to a snapshot.
    pub enum Deed {
        /// It is made.
        Create = "CREATE",
        /// It goes.
        Delete = "DELETE",
    }
}

/// A snapshot.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) id: StackSnapshotId,
    pub(crate) stack: StackId,
    pub(crate) project: ProjectId,
    pub(crate) name: Option<String>,
    pub(crate) action: Deed,
    pub(crate) status: Status,
    pub(crate) reason: Option<String>,
    /// The stack as it was.
    pub(crate) data: Export,
    pub(crate) created_at: Time,
}
