//! What can be counted. Ours are three of them; the others are those that every Placement knows.

pub(crate) mod api;
