//! Resources of stacks: a row for each thing that a template asks for, and for each that an update
//! has replaced and not yet removed.

pub(crate) mod api;
pub(crate) mod drift;
pub(crate) mod health;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod signal;
pub(crate) mod store;
pub(crate) mod view;
