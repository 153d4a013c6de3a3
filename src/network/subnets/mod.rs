//! Subnets: the addresses of a network.
//!
//! **Invariant:** no two subnets of an installation overlap, because no two pools of an engine
//! may; and a network has at most one per IP version, because that is what an engine's network
//! holds. A subnet that gives an address to a port is never deleted.

mod api;
mod attributes;
pub(crate) mod logic;
pub mod model;
pub(crate) mod range;
pub(crate) mod store;
mod view;
