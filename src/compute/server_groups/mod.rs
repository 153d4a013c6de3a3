//! Server groups: servers that want to be on one host, or on different ones.
//!
//! A server joins when it is created, by the scheduler hint `group`, and leaves when it is
//! deleted.
//!
//! **Invariant:** a group shows living servers only.

pub(crate) mod api;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod store;
pub(crate) mod view;
