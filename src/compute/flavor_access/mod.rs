//! Flavor access: which projects may use a private flavor.

pub(crate) mod api;
pub(crate) mod logic;
