//! The password that a guest makes for itself at its first boot: it posts it to the metadata
//! service, encrypted with the public key of its owner, who fetches and decrypts it.
//!
//! **Invariant:** a password is set once, and again only when its owner has cleared it. It is kept
//! as the guest posted it; nobody here can read it.

pub(crate) mod api;
pub(crate) mod logic;
pub(crate) mod store;
