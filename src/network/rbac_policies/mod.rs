//! Sharing: which projects may use a thing of another one.
//!
//! A row says that a project, or everybody (`*`), may use a thing. What the API calls `shared` is
//! such a row for everybody, or for whoever looks.

pub(crate) mod model;
pub(crate) mod store;
