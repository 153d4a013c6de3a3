//! Snapshots of stacks: what a stack was, kept so that it can become that again.
//!
//! A snapshot is an action like any other: a traversal visits every resource, types that can keep
//! what their thing is do so ([`crate::resources::Plugin::snapshot`]), and the transaction that ends
//! the traversal writes down what became of each. Restoring is an update to the template of then,
//! with what was kept in it. Snapshots go with their stack, and what they keep with them.

pub(crate) mod api;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod restore;
pub(crate) mod store;
mod view;
