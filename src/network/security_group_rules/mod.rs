//! Rules of security groups. Kept and reported; nothing filters by them yet.
//!
//! **Invariant:** no group has the same rule twice.

pub(crate) mod api;
mod attributes;
mod checks;
pub(crate) mod logic;
pub mod model;
pub(crate) mod store;
pub(crate) mod view;
