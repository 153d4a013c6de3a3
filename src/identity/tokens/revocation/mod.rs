//! What ends tokens before their time, as facts that survive a restart: "every token of this
//! user issued until now". Users, projects and domains record them; `resolve.rs` asks.

pub(crate) mod store;

use kit::clock::Time;
use kit::config::Settings;
use kit::error::Result;
use kit::ids::{DomainId, ProjectId, UserId};
use rusqlite::Connection;

/// Longer than any token lives, for clocks that disagree (Keystone: `[revoke] expiration_buffer`).
const BUFFER_SECONDS: i64 = 1800;

/// Whose tokens end.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    /// The one token with this audit id.
    Token(String),
    /// Every token made from the one with this audit id.
    Chain(String),
    /// Every token of the user.
    User(UserId),
    /// Every token scoped to the project.
    Project(ProjectId),
    /// Every token scoped to the domain, to a project in it, or of a user in it.
    Domain(DomainId),
}

/// What of a token the events look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) audit_id: &'a str,
    pub(crate) audit_chain_id: Option<&'a str>,
    pub(crate) user_id: &'a UserId,
    pub(crate) user_domain_id: &'a DomainId,
    pub(crate) project_id: Option<&'a ProjectId>,
    pub(crate) scope_domain_id: Option<&'a DomainId>,
    pub(crate) issued_at: Time,
}

/// Ends the subject's tokens; forgets events that no living token can match any more.
pub(crate) fn revoke(
    db: &Connection,
    settings: &Settings,
    subject: &Subject,
    now: Time,
) -> Result<()> {
    store::insert(db, subject, now)?;
    let life = settings.identity.token_expiration.saturating_add(BUFFER_SECONDS);
    store::delete_before(db, now.plus_seconds(-life))
}
