//! What is so of a provider and is not counted.

pub(crate) mod api;
