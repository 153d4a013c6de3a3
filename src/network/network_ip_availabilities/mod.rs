//! How many addresses networks have, and how many are used.

pub(crate) mod api;
mod logic;
mod view;
