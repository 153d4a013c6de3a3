//! Flavors: the sizes of servers.
//!
//! **Invariant:** a flavor's size never changes; a server keeps a copy of the one it was made
//! with, so deleting a flavor never touches a server.

pub(crate) mod api;
pub(crate) mod logic;
pub mod model;
pub(crate) mod store;
pub(crate) mod view;
