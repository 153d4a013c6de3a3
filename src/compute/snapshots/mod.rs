//! Nova's old proxy to snapshots of volumes, below 2.36: there are none, as there are no volumes.

pub(crate) mod api;
