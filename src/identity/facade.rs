//! What other services may ask of identity. Thin; every function reads on the connection that the
//! caller has, so it fits into a caller's own transaction.

use kit::error::Result;
use kit::ids::{ProjectId, UserId};
use rusqlite::Connection;

pub use crate::projects::model::Project;
pub use crate::tokens::TokenAuthenticator;
pub use crate::users::model::User;
use crate::{bootstrap, projects, users};

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

/// The projects that the first start makes, by name: what other services give defaults to.
pub fn default_project_ids(db: &Connection) -> Result<Vec<(String, ProjectId)>> {
    bootstrap::project_ids(db)
}
