//! Extra specs of flavors: hints to the scheduler and the engine, keys and values as text.
//!
//! They are kept in the flavor's row; `flavors/store.rs` has their SQL. A server keeps the ones
//! its flavor had when it was made.

pub(crate) mod api;
mod known;
pub(crate) mod logic;
