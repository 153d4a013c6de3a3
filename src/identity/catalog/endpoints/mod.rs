//! Endpoints: where a service of the catalogue answers.
//!
//! **Invariant:** its service and its region exist.

pub(crate) mod api;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod store;
pub(crate) mod view;
