//! What usage is computed from, and what comes out.

use kit::clock::Time;
use kit::ids::{ProjectId, ServerId};

/// What is asked for.
#[derive(Clone, Debug)]
pub(super) struct Query {
    /// `None`: of every project.
    pub(super) project: Option<ProjectId>,
    pub(super) window: Window,
    /// Servers at most.
    pub(super) limit: i64,
    pub(super) marker: Option<ServerId>,
}

/// A span of time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) start: Time,
    pub(super) stop: Time,
}

/// A server that ran in the window.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) server: ServerId,
    pub(super) project: ProjectId,
    pub(super) name: String,
    pub(super) flavor: String,
    pub(super) vcpus: i64,
    pub(super) ram_mb: i64,
    pub(super) disk_gb: i64,
    pub(super) vm_state: String,
    pub(super) launched_at: Time,
    pub(super) terminated_at: Option<Time>,
}

/// The usage of a project.
#[derive(Clone, Debug)]
pub(super) struct Usage {
    pub(super) project: ProjectId,
    pub(super) runs: Vec<Run>,
}
