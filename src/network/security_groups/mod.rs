//! Security groups: named sets of rules. Kept and reported; nothing filters by them yet.
//!
//! **Invariant:** a project has exactly one default group from the first look on, with the four
//! rules that Neutron gives it; it is never deleted nor renamed.

pub(crate) mod api;
mod attributes;
pub(crate) mod logic;
pub mod model;
pub(crate) mod store;
mod view;
