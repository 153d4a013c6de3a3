//! Nova's old proxy to the external networks, below 2.36: what floating IPs are taken from.

pub(crate) mod api;
