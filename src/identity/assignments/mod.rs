//! Role assignments: a user has a role on a project, a domain or the system.

pub(crate) mod api;
pub(crate) mod effective;
pub(crate) mod grants;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod store;
mod view;
