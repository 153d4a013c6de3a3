//! Floating IPs: addresses of an external network that lead to a port.
//!
//! One is a row and a port of the house on the external network, which holds the address. The guest
//! behind the port it leads to gets the address by `crate::routing`'s reconciler; nothing here
//! touches the engine.
//!
//! **Invariant:** one that leads to a port has a router between, and goes to rest when the port is
//! deleted.

mod api;
mod attributes;
pub(crate) mod logic;
pub mod model;
pub(crate) mod store;
mod view;
