//! Which versions there are, and what the version holds.

pub(crate) mod api;
