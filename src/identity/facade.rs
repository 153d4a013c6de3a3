//! What other services may ask of identity. Thin; every function reads on the connection that the
//! caller has, so it fits into a caller's own transaction.

use kit::clock::Time;
use kit::error::{Kind as Failed, Result};
use kit::ids::{ProjectId, UserId};
use kit::policy::Caller;
use rusqlite::Connection;

pub use crate::delegate::{Delegate, Grant, Kind, On, forget_tokens, set_password};
pub use crate::projects::model::Project;
pub use crate::tokens::TokenAuthenticator;
pub use crate::users::model::User;
use crate::{bootstrap, projects, tokens, users};

/// The project of this id; a domain is no project.
pub fn project(db: &Connection, id: &ProjectId) -> Result<Option<Project>> {
    let found = projects::store::get_for_system(db, id)?;
    Ok(found.filter(|project| !project.is_domain))
}

/// Whether there is a project of this id.
pub fn project_exists(db: &Connection, id: &ProjectId) -> Result<bool> {
    Ok(project(db, id)?.is_some())
}

/// Every project.
pub fn projects(db: &Connection) -> Result<Vec<Project>> {
    projects::store::list(db, false)
}

/// The user of this id.
pub fn user(db: &Connection, id: &UserId) -> Result<Option<User>> {
    users::store::get_for_system(db, id)
}

/// Whether there is a user of this id.
pub fn user_exists(db: &Connection, id: &UserId) -> Result<bool> {
    Ok(user(db, id)?.is_some())
}

/// Who acts for a user who has entrusted somebody with roles of his on a project: the user, with
/// those of the roles that he still has. `None` when user or project may not act any more.
pub fn trustee(
    db: &Connection,
    user: &UserId,
    project: &ProjectId,
    roles: &[String],
    now: Time,
) -> Result<Option<Caller>> {
    let mut caller = match tokens::resolve::on_project(db, user, project, now) {
        Ok(token) => token.caller(),
        Err(error) if matches!(error.kind, Failed::NotFound | Failed::Unauthorized) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    caller.roles.retain(|role| roles.contains(role));
    Ok(Some(caller).filter(|caller| !caller.roles.is_empty()))
}

/// The projects that the first start makes, by name: what other services give defaults to.
pub fn default_project_ids(db: &Connection) -> Result<Vec<(String, ProjectId)>> {
    bootstrap::project_ids(db)
}
