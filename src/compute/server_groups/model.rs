//! A server group as it is kept.

use kit::ids::{ProjectId, ServerGroupId, ServerId, UserId};
use kit::text_enum;

text_enum! {
    /// What a group wants.
    pub enum GroupPolicy {
        /// Different hosts, or no server.
        AntiAffinity = "anti-affinity",
        /// One host, or no server.
        Affinity = "affinity",
        /// Different hosts, if that is possible.
        SoftAntiAffinity = "soft-anti-affinity",
        /// One host, if that is possible.
        SoftAffinity = "soft-affinity",
    }
}

/// A group with its living members.
#[derive(Clone, Debug)]
pub(crate) struct ServerGroup {
    pub(crate) id: ServerGroupId,
    pub(crate) project: ProjectId,
    pub(crate) user: UserId,
    pub(crate) name: String,
    pub(crate) policy: GroupPolicy,
    /// With anti-affinity: how many servers a host may have. `None` is 1.
    pub(crate) max_server_per_host: Option<i64>,
    pub(crate) members: Vec<ServerId>,
}

/// A page of groups.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    /// `None`: of all projects.
    pub(crate) project: Option<ProjectId>,
    pub(crate) limit: i64,
    pub(crate) offset: i64,
}
