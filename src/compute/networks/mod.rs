//! Nova's old proxies to networks, below 2.36: `os-networks` and `os-tenant-networks`. Of what
//! nova-network knew they show id and name; whatever they made or removed is gone for good.

pub(crate) mod api;
mod view;
