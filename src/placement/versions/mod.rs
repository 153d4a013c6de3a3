//! Which versions there are.

pub(crate) mod api;
