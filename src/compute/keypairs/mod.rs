//! Key pairs: public keys of users, written into their servers.
//!
//! A key pair belongs to a user, not to a project.
//!
//! **Invariant:** a private key is never kept. A generated one stands in the answer to its
//! creation and nowhere else.

pub(crate) mod api;
mod certificate;
pub(crate) mod keys;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod store;
pub(crate) mod view;
