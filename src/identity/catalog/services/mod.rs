//! Services of the catalogue.

pub(crate) mod api;
mod logic;
pub(crate) mod model;
pub(crate) mod store;
mod view;
