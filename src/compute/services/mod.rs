//! Services: the processes of Nova, as operators see and switch them. Their rows are those of
//! `hosts/`.
//!
//! **Invariant:** only `nova-compute` can be switched; a disabled one gets no new servers.

pub(crate) mod api;
mod logic;
mod view;
