//! Routers: what joins subnets, and leads out by an external network.
//!
//! A router is rows: itself, and a port on each network it is on. What that means for packets is
//! decided in `crate::routing` and carried out by its reconciler; nothing here touches the engine.
//!
//! **Invariant:** a router with interfaces is never deleted; neither an interface nor a gateway
//! goes that a floating IP needs, nor an interface that an extra route needs.

mod api;
pub(crate) use api::{add_interface, add_routes, remove_interface, remove_routes};
mod attributes;
pub(crate) mod errors;
pub(crate) mod interfaces;
mod logic;
pub mod model;
pub(crate) mod routes;
pub(crate) mod store;
mod view;
