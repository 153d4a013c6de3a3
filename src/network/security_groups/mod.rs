//! Security groups: named sets of rules; `filters` says what they let through.
//!
//! **Invariant:** a project has exactly one default group from the first look on, with the four
//! rules that Neutron gives it; it is never deleted nor renamed.

pub(crate) mod api;
mod attributes;
pub(crate) mod logic;
pub mod model;
pub(crate) mod store;
mod view;
