//! Endpoints of the catalogue.

pub(crate) mod model;
pub(crate) mod store;
