//! Regions of the catalogue.
//!
//! **Invariant:** a region with endpoints or regions in it is not deleted; no region lies in itself.

pub(crate) mod api;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod store;
pub(crate) mod view;
