//! Events: what happened to a stack and its resources. Written in the transaction in which it
//! happened, never changed.

pub(crate) mod api;
pub(crate) mod model;
pub(crate) mod store;
mod stream;
pub(crate) mod view;
