//! Networks: what servers are plugged into. One is one network of the engine, made when a guest
//! first needs it.
//!
//! **Invariant:** a network with ports is never deleted. Nothing here touches the engine; the
//! reconciler removes what a deleted network left there.

mod api;
mod attributes;
pub(crate) mod logic;
pub mod model;
pub(crate) mod store;
mod view;
