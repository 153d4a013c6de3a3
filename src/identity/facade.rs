//! What other services may ask of identity. Thin; every function reads on the connection that the
//! caller has, so it fits into a caller's own transaction.

use kit::Platform;
use kit::clock::Time;
use kit::error::{Kind as Failed, Result};
use kit::ids::{ProjectId, UserId};
use kit::policy::Caller;
use rusqlite::Connection;

pub use crate::assignments::model::Actor;
use crate::credentials::vault::Vault;
pub use crate::delegate::{Delegate, Grant, Kind, On, forget_tokens, set_password};
pub use crate::ec2_credentials::logic::KeyPair;
pub use crate::projects::model::Project;
use crate::sentences::unauthorized;
pub use crate::stack_users::{
    StackUser, create_stack_user, delete_stack_user, enable_stack_user, stack_of,
};
pub use crate::tokens::TokenAuthenticator;
pub use crate::tokens::methods::ec2::SignedRequest;
use crate::tokens::methods::ec2::{self, Signer};
pub use crate::users::model::User;
use crate::{bootstrap, credentials, ec2_credentials, projects, tokens, users};

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
    let mut caller = match tokens::resolve::on_project(db, user, project, None, now) {
        Ok(token) => token.caller(),
        Err(error) if matches!(error.kind, Failed::NotFound | Failed::Unauthorized) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    caller.roles.retain(|role| roles.contains(role));
    Ok(Some(caller).filter(|caller| !caller.roles.is_empty()))
}

/// Who sent a request that an EC2 credential signed (versions 2 and 4), as the services of Amazon's
/// kind are sent them: the credential's user in its project, with the roles that he has there now.
///
/// Refused are an unknown access key (404), a wrong signature, one older than a quarter of an hour,
/// and a user who may not act there any more (401). It reads only, so it fits into any transaction.
///
/// ```ignore
/// let request = SignedRequest { access, signature, verb, host, path, params, headers, body_hash };
/// let caller = signer(&platform, db, &request)?;
/// ```
pub fn signer(platform: &Platform, db: &Connection, request: &SignedRequest) -> Result<Caller> {
    let (vault, now) = (platform.extension::<Vault>()?, platform.clock.now());
    let Signer { user, project, application_credential } = ec2::prove(db, &vault, request, now)?;
    let token = tokens::resolve::on_project(db, &user, &project, application_credential, now)
        .map_err(|error| unauthorized(error.public))?;
    Ok(token.caller())
}

/// Makes a pair of keys that sign requests for a user in a project. Whether the caller may have one
/// made is for him to ask.
pub fn create_key_pair(
    platform: &Platform,
    db: &Connection,
    user: &UserId,
    project: &ProjectId,
) -> Result<KeyPair> {
    ec2_credentials::logic::create(db, &*platform.extension::<Vault>()?, user, project)
}

/// The pair with this access key.
pub fn key_pair(platform: &Platform, db: &Connection, access: &str) -> Result<Option<KeyPair>> {
    let (id, vault) = (credentials::logic::id_of_access(access), platform.extension::<Vault>()?);
    let found = credentials::store::get_for_system(db, &vault, &id)?;
    found.map(|credential| KeyPair::of(&credential)).transpose()
}

/// Removes the pair with this access key, if it is there.
pub fn delete_key_pair(db: &Connection, access: &str) -> Result<()> {
    credentials::store::delete(db, &credentials::logic::id_of_access(access))
}

/// The projects that the first start makes, by name: what other services give defaults to.
pub fn default_project_ids(db: &Connection) -> Result<Vec<(String, ProjectId)>> {
    bootstrap::project_ids(db)
}
