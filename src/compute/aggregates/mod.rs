//! `/os-aggregates`: hosts that operators put together, and the availability zones this makes.
//!
//! `hosts/` reads the zone of a host from the tables of this resource; nobody else does.

pub(crate) mod api;
pub(crate) mod image_cache;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod store;
pub(crate) mod view;
