//! Signals from guests: how they are told to send them, and what comes back.
//!
//! | module | what it holds |
//! |---|---|
//! | `proof` | what a guest shows instead of a token: a signature over resource and purpose |
//! | `urls` | the addresses that guests are given |
//! | `api` | the operations behind those addresses |
//! | `received` | the signals that a handle has received. Pure |
//!
//! Unless it is to log in (`crate::stack_users`), a guest has no account. What it may do, signal one resource, it proves with what the stack's
//! template has put into its user data; a replaced resource takes no signals of its predecessor's.

pub(crate) mod api;
pub(crate) mod proof;
pub(crate) mod received;
mod store;
pub(crate) mod urls;
