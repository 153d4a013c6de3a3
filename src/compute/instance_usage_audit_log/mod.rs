//! `/os-instance_usage_audit_log`: how many servers each host had in a month. Nova notes that once
//! a month; here the rows of the servers are counted when it is asked for, so no host is ever behind.

pub(crate) mod api;
mod logic;
mod store;
mod view;
