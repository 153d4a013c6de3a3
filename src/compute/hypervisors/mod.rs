//! Hypervisors: the hosts as operators see them. Their rows are those of `hosts/`.

pub(crate) mod api;
mod logic;
mod view;
