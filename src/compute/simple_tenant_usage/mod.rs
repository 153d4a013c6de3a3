//! Usage: what the servers of a project took over a span of time, deleted ones included.
//!
//! It is computed from the rows of the servers; nothing is counted in advance.

pub(crate) mod api;
mod logic;
mod model;
mod store;
mod view;
