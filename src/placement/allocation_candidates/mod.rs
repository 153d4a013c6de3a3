//! Where a request would fit.

pub(crate) mod api;
