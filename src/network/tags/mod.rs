//! Tags of networks, subnets, subnet pools, ports and security groups: `/networks/{id}/tags`, once for all.
//!
//! Whoever may change the thing may change its tags; tags do not count as a revision of others.

pub(crate) mod api;
mod store;
