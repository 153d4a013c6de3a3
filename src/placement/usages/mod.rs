//! What is taken, summed up.

pub(crate) mod api;
