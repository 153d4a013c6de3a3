//! `/os-server-external-events`: what other services report about servers.
//!
//! Networks and ports are in the same database as servers, so what Nova would look at again is
//! never stale: such an event is accepted, and has nothing to do. Power is the engine's to tell
//! ([`crate::reconcile`]). There are no volumes: an event about one is about nothing.

pub(crate) mod api;
mod logic;
