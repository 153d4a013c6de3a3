//! The machines that carry servers, and the processes that Nova would run on them.
//!
//! The engine is asked by `reconcile.rs` alone; everybody else reads the rows: the scheduler
//! (`placement.rs`), and the resources hypervisors, services and availability zones, and `os-hosts` of old.
//!
//! **Invariant:** a host that the engine stopped answering for keeps its row and its figures; only
//! its service is down.

pub(crate) mod api;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod reconcile;
pub(crate) mod store;
mod view;
