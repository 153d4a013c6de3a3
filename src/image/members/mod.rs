//! Members: projects that a shared image is offered to, and what they answered.
//!
//! **Invariant:** a member never sees the other members.

pub(crate) mod api;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod store;
pub(crate) mod view;
