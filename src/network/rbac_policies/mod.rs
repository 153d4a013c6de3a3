//! Sharing: which projects may use a thing of another one (`/rbac-policies`).
//!
//! A row says that a project, or everybody (`*`), may use a thing. What the API calls `shared` is
//! such a row for everybody, or for whoever looks; a network that leads outside has one too.
//!
//! **Invariant:** a project that has made something of a shared thing keeps the row that lets it.

pub(crate) mod api;
mod attributes;
mod errors;
pub(crate) mod logic;
pub mod model;
pub(crate) mod store;
mod view;
