//! The engine: what a stack is to become, made so, one resource at a time.
//!
//! A run over the resources of a stack is a *traversal*. Each visit to a resource is a durable
//! operation of its own ([`act`]); the transaction that ends it asks [`plan`] which resources can be
//! visited now and submits their operations ([`traverse`]). So nothing polls and nothing joins:
//! the last visit finds that nothing is left, and the stack is complete in the same transaction.
//!
//! ```text
//! handler ─► traverse::begin ─► plan ─► submit ─► act: begin · carry_out · settle ─┐
//!                                 ▲                                                │
//!                                 └──────────────── traverse::advance ◄────────────┘
//! ```
//!
//! A newer traversal overtakes an older one: visits of the older end at their next record and give
//! their resource to the newer.

pub(crate) mod act;
pub(crate) mod adoption;
pub(crate) mod breakpoints;
pub(crate) mod external;
pub(crate) mod plan;
pub(crate) mod scope;
pub(crate) mod traverse;

use std::sync::Arc;

use kit::Platform;
use kit::clock::Time;
use kit::error::{Error, Result};
use kit::policy::Caller;
use rusqlite::Connection;

use crate::stacks::model::{Stack, Trust};

/// What every rule of the engine has in hand: it runs inside a transaction of the writer.
#[derive(Clone, Copy)]
pub(crate) struct Hand<'a> {
    pub(crate) platform: &'a Arc<Platform>,
    pub(crate) connection: &'a Connection,
    pub(crate) now: Time,
}

impl<'a> Hand<'a> {
    /// For a request: the present is the clock's.
    pub(crate) fn new(platform: &'a Arc<Platform>, connection: &'a Connection) -> Self {
        Self { platform, connection, now: platform.clock.now() }
    }

    /// Who acts for a stack: its user, with those of the roles that he still has.
    pub(crate) fn caller(&self, stack: &Stack) -> Result<Caller> {
        let Trust { user, project, roles, .. } = &stack.trust;
        identity::facade::trustee(self.connection, user, project, roles, self.now)?.ok_or_else(
            || {
                Error::forbidden("The user of the stack has no role on its project any more.")
                    .tag("AuthorizationFailure")
            },
        )
    }
}

#[cfg(test)]
pub(crate) mod tests;
