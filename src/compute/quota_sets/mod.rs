//! Quota sets: the limits of a project or of one of its users, and what they use of them.
//!
//! Limits and counts are `kit::quota`'s; `quotas.rs` lists what is counted.
//!
//! **Invariant:** a limit below what is used is only set by force.

pub(crate) mod api;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod view;
