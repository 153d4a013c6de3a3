//! Nova's old proxy to floating IPs, below 2.36, and the actions that lead them to servers, below
//! 2.44. Rows, rules and quotas are the network service's; nothing is kept here.

pub(crate) mod api;
pub(crate) mod lead;
pub(crate) mod logic;
mod view;
