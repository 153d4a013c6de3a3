//! A server's tags: words of its owner, for filters.

pub(crate) mod api;
