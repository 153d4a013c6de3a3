//! Projects: what owns everything else.
//!
//! **Invariant:** a project has a parent in its own domain; only a leaf is deleted. Deleting one
//! deletes nothing of other services, as upstream.

pub(crate) mod api;
pub(crate) mod logic;
pub mod model;
pub(crate) mod store;
pub(crate) mod tags;
pub(crate) mod view;
