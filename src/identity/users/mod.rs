//! Users.
//!
//! **Invariant:** a user's tokens end with the user, with the user's password, and when the user
//! is disabled. A password is never kept, only its hash.

pub(crate) mod api;
pub(crate) mod logic;
pub mod model;
pub(crate) mod store;
pub(crate) mod view;
