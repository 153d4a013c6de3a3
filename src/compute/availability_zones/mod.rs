//! Availability zones: the one of the hosts, and `internal` for everything else. The rows are
//! those of `hosts/`.

pub(crate) mod api;
mod view;
