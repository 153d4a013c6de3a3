//! Migrations: resizes, and moves between hosts, of which there is one. `/os-migrations` lists all
//! of them; `/servers/{server_id}/migrations` shows live migrations under way, and none ever is.
//!
//! The actions of servers write the rows. Nothing here changes a server.
//!
//! **Invariant:** a server that waits to be confirmed has one row that is `finished`.

pub(crate) mod api;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod store;
mod view;
