//! Credentials: secrets that Keystone keeps for a user and shows again, of any type.
//!
//! **Invariant:** what a credential holds is in the database only sealed, with a key that is not.
//! A token that stands for less than its user reaches none of them.

pub(crate) mod api;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod store;
pub(crate) mod vault;
mod view;
