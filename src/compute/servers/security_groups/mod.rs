//! A server's security groups: Nova's old resource, and the actions that change them.

pub(crate) mod api;
pub(crate) mod logic;
