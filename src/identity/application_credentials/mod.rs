//! Application credentials: a secret that stands for a user in one project, with some of the
//! user's roles.
//!
//! **Invariant:** the secret is shown once, in the answer that made it; only its hash is kept.

pub(crate) mod api;
mod logic;
pub(crate) mod model;
pub(crate) mod store;
mod view;
