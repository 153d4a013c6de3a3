//! Rules of security groups; `filters` says what they let through.
//!
//! **Invariant:** no group has the same rule twice.

pub(crate) mod api;
mod attributes;
mod checks;
pub(crate) mod logic;
pub mod model;
pub(crate) mod store;
pub(crate) mod view;
