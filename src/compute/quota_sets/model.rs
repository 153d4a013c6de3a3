//! What is known of a project's limits.

use std::collections::BTreeMap;

use kit::ids::{ProjectId, UserId};

/// Whose limits they are.
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    pub(crate) project: ProjectId,
    /// One user of it; `None` for all together.
    pub(crate) user: Option<UserId>,
}

/// A limit and what is used of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Quota {
    /// -1 means none.
    pub(crate) limit: i64,
    pub(crate) in_use: i64,
}

/// By name of the resource.
pub(crate) type Quotas = BTreeMap<&'static str, Quota>;

/// What an operator asks to change.
#[derive(Clone, Debug)]
pub(crate) struct Update {
    /// Resources and their new limits.
    pub(crate) limits: Vec<(String, i64)>,
    /// Also below what is used.
    pub(crate) force: bool,
}
