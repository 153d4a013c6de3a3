//! Nova's old proxy to security groups, below 2.36: the network service's groups in the words that
//! Nova had for its own. Rows, rules and quotas are the network service's; nothing is kept here.

pub(crate) mod api;
pub(crate) mod logic;
pub(crate) mod view;
