//! A server's security groups, as Nova's old resource shows them.

pub(crate) mod api;
mod view;
