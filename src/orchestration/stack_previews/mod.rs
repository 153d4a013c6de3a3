//! What a request for a stack would do, without doing it: `openstack stack create --dry-run`.
//!
//! What Heat answers is there as Heat answers it; beside it stands the plan, which says for each
//! resource what happens to it, why, and in which order.

pub(crate) mod api;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod plan;
pub(crate) mod scope;
pub(crate) mod view;
