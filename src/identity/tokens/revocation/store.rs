//! The SQL of revocation events.

use kit::clock::Time;
use kit::error::Result;
use rusqlite::{Connection, named_params};

use super::{Facts, Subject};

/// Whether an event matches the token.
pub(crate) fn exists(db: &Connection, facts: &Facts<'_>) -> Result<bool> {
    let mut statement = db.prepare_cached(
        "SELECT 1 FROM revocation_event
         WHERE issued_before >= :issued_at
           AND (audit_id IS NULL OR audit_id = :audit_id)
           AND (audit_chain_id IS NULL OR audit_chain_id = :audit_chain_id)
           AND (user_id IS NULL OR user_id = :user_id)
           AND (project_id IS NULL OR project_id = :project_id)
           AND (domain_id IS NULL OR domain_id IN (:user_domain_id, :scope_domain_id))",
    )?;
    let mut rows = statement.query(named_params! {
        ":issued_at": facts.issued_at,
        ":audit_id": facts.audit_id,
        ":audit_chain_id": facts.audit_chain_id,
        ":user_id": facts.user_id,
        ":project_id": facts.project_id,
        ":user_domain_id": facts.user_domain_id,
        ":scope_domain_id": facts.scope_domain_id,
    })?;
    Ok(rows.next()?.is_some())
}

/// Adds an event: tokens of the subject issued until `now` are not good any more.
pub(crate) fn insert(db: &Connection, subject: &Subject, now: Time) -> Result<()> {
    let (column, value) = match subject {
        Subject::Token(id) => ("audit_id", id.as_str()),
        Subject::Chain(id) => ("audit_chain_id", id.as_str()),
        Subject::User(id) => ("user_id", id.as_str()),
        Subject::Project(id) => ("project_id", id.as_str()),
        Subject::Domain(id) => ("domain_id", id.as_str()),
    };
    let sql = format!("INSERT INTO revocation_event ({column}, issued_before) VALUES (?1, ?2)");
    db.prepare_cached(&sql)?.execute((value, now))?;
    Ok(())
}

/// Forgets events that only tokens issued before `oldest` could match.
pub(crate) fn delete_before(db: &Connection, oldest: Time) -> Result<()> {
    db.prepare_cached("DELETE FROM revocation_event WHERE issued_before < ?1")?
        .execute([oldest])?;
    Ok(())
}
