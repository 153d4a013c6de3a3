//! What a provider has, class by class.

pub(crate) mod api;
