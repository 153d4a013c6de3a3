//! Roles, and which of them imply which others.
//!
//! **Invariant:** the roles that the house's own rules name are immutable.

pub(crate) mod api;
pub(crate) mod implications;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod store;
pub(crate) mod view;
