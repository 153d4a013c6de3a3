//! The hosts of compute, as Placement names them.

pub(crate) mod api;
mod view;
