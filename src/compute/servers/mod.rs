//! Servers: containers with an OpenStack life.
//!
//! A request checks and writes rows and a journal entry in one transaction; the workflows
//! ([`boot`], [`delete`], [`actions`]) do the work on the engine and record what came of it;
//! [`crate::reconcile`] follows what happens on the engine by itself.
//!
//! **Invariant:** a server with an open operation has a `task_state`, and only that operation
//! changes its states.
//! **Invariant:** a row is never removed; `deleted_at` ends it.

pub(crate) mod filters;
pub mod model;
pub(crate) mod states;
pub(crate) mod store;
