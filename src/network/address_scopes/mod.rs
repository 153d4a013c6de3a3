//! Address scopes: sets of subnet pools whose ranges are told apart.
//!
//! **Invariant:** no address is in two pools of one scope, and all of them are of its IP version.

pub(crate) mod api;
mod attributes;
mod errors;
pub(crate) mod logic;
pub mod model;
pub(crate) mod store;
mod view;
