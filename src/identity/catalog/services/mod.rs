//! Services of the catalogue.

pub(crate) mod api;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod store;
pub(crate) mod view;
