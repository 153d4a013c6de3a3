//! Ports: an interface's addresses, on one network, for one device.
//!
//! **Invariant:** an address is a port's alone (an index), a MAC too. Ports that compute made
//! for a server go with it; those that somebody brought stay.

pub(crate) mod addresses;
mod api;
mod attributes;
pub(crate) mod logic;
pub mod model;
pub(crate) mod store;
mod view;
