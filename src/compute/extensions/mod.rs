//! Extensions: a list that no longer changes, for clients from before microversions.
//!
//! As with Nova, everything that was ever an extension is in it, whatever became of it.

pub(crate) mod api;
mod table;
