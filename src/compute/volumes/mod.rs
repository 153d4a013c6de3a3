//! Nova's old proxy to volumes, below 2.36. There is no volume service: it tells of one that has
//! nothing and makes nothing.

pub(crate) mod api;
