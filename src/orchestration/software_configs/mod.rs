//! Software configs: texts for tools in guests, with what they take and give. They never change.

pub(crate) mod api;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod store;
pub(crate) mod view;
