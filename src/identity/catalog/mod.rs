//! The catalogue: which services there are and where.
//!
//! **Invariant:** the URLs of this installation's own services are kept without a host, because
//! the address may be another one at the next start; answers show them as the client reaches us.

pub(crate) mod address;
pub(crate) mod endpoints;
pub(crate) mod regions;
pub(crate) mod services;
pub(crate) mod view;
