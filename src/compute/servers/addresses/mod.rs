//! A server's addresses by network, as the old `ips` resource shows them.

pub(crate) mod api;
