//! The host aggregates of compute that a provider is in.

pub(crate) mod api;
