//! Software deployments: a config, a server, and what came of it.
//!
//! No agent polls for them: [`run`] runs them in the guest from outside. A deployment for a server
//! that is none of ours waits for somebody to say how it went.

pub(crate) mod api;
mod hooks;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod run;
pub(crate) mod store;
pub(crate) mod view;

#[cfg(test)]
mod tests;
