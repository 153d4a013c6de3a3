//! Tokens: signed claims, whose meaning is computed anew from the rows each time they are shown.
//!
//! ```text
//! methods/* --> logic::issue --> jws::sign ----> X-Subject-Token
//! X-Auth-Token --> cache --miss--> jws::verify --> resolve --> Caller
//! ```
//!
//! **Invariant:** a token is never stored. Roles, names and whether it is still good come from
//! the database, so a change of any of them is felt at once (`changes.rs`).

pub(crate) mod api;
mod authenticator;
pub(crate) mod cache;
mod jws;
pub(crate) mod keys;
pub(crate) mod logic;
pub(crate) mod methods;
mod model;
pub(crate) mod request;
pub(crate) mod resolve;
pub(crate) mod revocation;
mod view;

pub use authenticator::TokenAuthenticator;
