//! Stacks: what a template says, made and kept.
//!
//! **Invariant:** of a project's living stacks no two have the same name. A deleted stack keeps
//! its row and its events; its resources are gone.

pub(crate) mod adoption;
pub(crate) mod api;
pub(crate) mod blueprint;
pub(crate) mod children;
pub(crate) mod filters;
pub(crate) mod logic;
pub(crate) mod lookup;
pub(crate) mod model;
pub(crate) mod reach;
pub(crate) mod request;
pub(crate) mod shelf;
pub(crate) mod store;
pub(crate) mod tree;
pub(crate) mod view;
