//! Ports of a floating IP that lead to ports of guests, one by one.
//!
//! The floating IP leads nowhere as a whole then: no guest has its address, and the host answers
//! for it (`crate::routing`). Nothing here touches the engine.
//!
//! **Invariant:** a floating IP has a router and no port while some of its ports are forwarded, and
//! no router once none is.

mod api;
mod attributes;
mod errors;
mod logic;
pub(crate) mod model;
pub(crate) mod store;
mod view;

pub(crate) use api::{create, delete, index, show, update};
pub(crate) use errors::in_use;
pub(crate) use view::of_floating_ip;
