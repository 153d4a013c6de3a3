//! What each server takes.

pub(crate) mod api;
