//! Nova's old proxy to the rules of security groups, below 2.36. It knows what comes in, by IPv4
//! and the three protocols that Nova had.

pub(crate) mod api;
mod logic;
mod translate;
