//! What a picture shows.

use crate::stacks::model::Status;

/// A resource.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The way to it: `part/db`.
    pub(super) name: String,
    pub(super) resource_type: String,
    /// `CREATE_COMPLETE`.
    pub(super) state: String,
    pub(super) status: Status,
}

/// Why one resource comes after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// It needs it.
    Needs,
    /// It is in the stack that is its thing.
    Within,
}

/// From the index of one node to that of one that comes after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) why: Why,
}

/// The resources of a stack and of those nested in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Picture {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
}

/// The colour of a status.
pub(super) fn colour(status: Status) -> &'static str {
    match status {
        Status::Complete => "#c8e6c9",
        Status::InProgress => "#ffe0b2",
        Status::Failed => "#ffcdd2",
    }
}
