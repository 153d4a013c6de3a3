//! Claims meet the rows: is the token still good, and what is it worth now? Issuing and checking
//! both end here, so a token is never issued that would not be accepted.

use kit::clock::Time;
use kit::error::Result;
use kit::ids::{ApplicationCredentialId, DomainId, ProjectId, RoleId, UserId};
use rusqlite::Connection;

use super::jws::Claims;
use super::model::{CredentialReference, Named, Token, TokenScope};
use super::revocation::{self, Facts};
use crate::assignments::logic as assignments;
use crate::assignments::model::Place;
use crate::projects::model::Project;
use crate::sentences::{not_found, token_not_valid, unauthorized};
use crate::users::model::User;
use crate::{application_credentials, projects, roles, users};

/// The token of these claims, if it is good at `now`; `window` seconds after its end still count.
pub(crate) fn resolve(db: &Connection, claims: &Claims, now: Time, window: i64) -> Result<Token> {
    let user = users::store::get_for_system(db, &claims.sub)?
        .ok_or_else(|| not_found("user", &claims.sub))?;
    let user_domain = enabled_domain(db, &user.domain_id)?;
    let scope = scope(db, claims)?;
    let credential = credential(db, claims, now)?;
    let roles = roles_of(db, &user, &scope, credential.as_ref())?;
    if roles.is_empty() && scope != TokenScope::Unscoped {
        return Err(unauthorized("the user has no role there"));
    }
    if now >= claims.expires_at().plus_seconds(window) {
        return Err(token_not_valid("expired"));
    }
    check_revocation(db, claims, &user, &scope)?;
    if !user.enabled {
        return Err(unauthorized("the user is disabled"));
    }
    Ok(Token {
        methods: claims.methods.clone(),
        user: Named { id: user.id, name: user.name },
        user_domain: domain_name(&user_domain),
        audit_ids: claims.audit_ids.clone(),
        issued_at: claims.issued_at(),
        expires_at: claims.expires_at(),
        scope,
        roles,
        application_credential: credential.map(|(reference, _)| reference),
    })
}

/// What a token of `user` on `project` would be worth now, if he had asked for one, perhaps with an
/// application credential.
pub(crate) fn on_project(
    db: &Connection,
    user: &UserId,
    project: &ProjectId,
    credential: Option<ApplicationCredentialId>,
    now: Time,
) -> Result<Token> {
    let claims = Claims {
        sub: user.clone(),
        iat: now.seconds(),
        exp: now.seconds().saturating_add(1),
        methods: Vec::new(),
        audit_ids: Vec::new(),
        system: None,
        domain_id: None,
        project_id: Some(project.clone()),
        application_credential_id: credential,
        iat_us: Some(999_999),
    };
    resolve(db, &claims, now, 0)
}

fn check_revocation(
    db: &Connection,
    claims: &Claims,
    user: &User,
    scope: &TokenScope,
) -> Result<()> {
    let (project_id, scope_domain_id) = match scope {
        TokenScope::Project { project, domain, .. } => (Some(&project.id), Some(&domain.id)),
        TokenScope::Domain(domain) => (None, Some(&domain.id)),
        TokenScope::System | TokenScope::Unscoped => (None, None),
    };
    let mut audit_ids = claims.audit_ids.iter().map(String::as_str);
    let facts = Facts {
        audit_id: audit_ids.next().unwrap_or_default(),
        audit_chain_id: audit_ids.next(),
        user_id: &user.id,
        user_domain_id: &user.domain_id,
        project_id,
        scope_domain_id,
        issued_at: claims.issued_at(),
    };
    if revocation::store::exists(db, &facts)? { Err(token_not_valid("revoked")) } else { Ok(()) }
}

fn scope(db: &Connection, claims: &Claims) -> Result<TokenScope> {
    match (&claims.project_id, &claims.domain_id, &claims.system) {
        (Some(project), _, _) => project_scope(db, project),
        (None, Some(domain), _) => {
            Ok(TokenScope::Domain(domain_name(&enabled_domain(db, domain)?)))
        }
        (None, None, Some(_)) => Ok(TokenScope::System),
        (None, None, None) => Ok(TokenScope::Unscoped),
    }
}

fn project_scope(db: &Connection, id: &ProjectId) -> Result<TokenScope> {
    let project = projects::store::get_for_system(db, id)?
        .filter(|project| project.enabled)
        .ok_or_else(|| not_found("project", id))?;
    // A domain as a project lies in no other domain; Keystone does not scope to one.
    let domain = project.domain_id.as_ref().ok_or_else(|| not_found("project", id))?;
    let domain = enabled_domain(db, domain)?;
    Ok(TokenScope::Project {
        project: Named { id: project.id, name: project.name },
        domain: domain_name(&domain),
        is_domain: project.is_domain,
    })
}

fn enabled_domain(db: &Connection, id: &DomainId) -> Result<Project> {
    projects::store::get_domain_for_system(db, id)?
        .filter(|domain| domain.enabled)
        .ok_or_else(|| not_found("domain", id))
}

fn domain_name(domain: &Project) -> Named<DomainId> {
    Named { id: domain.as_domain_id(), name: domain.name.clone() }
}

/// The credential behind the claims, with the roles that it may use.
fn credential(
    db: &Connection,
    claims: &Claims,
    now: Time,
) -> Result<Option<(CredentialReference, Vec<RoleId>)>> {
    let Some(id) = &claims.application_credential_id else {
        return Ok(None);
    };
    let found = application_credentials::store::get(db, id)?
        .ok_or_else(|| not_found("Application Credential", id))?;
    if found.expires_at.is_some_and(|end| end <= now) {
        return Err(unauthorized("the application credential is expired"));
    }
    let reference = CredentialReference {
        id: found.id,
        name: found.name,
        unrestricted: found.unrestricted.unwrap_or(false),
    };
    Ok(Some((reference, found.roles)))
}

fn roles_of(
    db: &Connection,
    user: &User,
    scope: &TokenScope,
    credential: Option<&(CredentialReference, Vec<RoleId>)>,
) -> Result<Vec<Named<RoleId>>> {
    let place = match scope {
        TokenScope::Project { project, .. } => Place::Project(project.id.clone()),
        TokenScope::Domain(domain) => Place::Domain(domain.id.clone()),
        TokenScope::System => Place::System,
        TokenScope::Unscoped => return Ok(Vec::new()),
    };
    let mut roles = Vec::new();
    for id in assignments::effective_roles(db, &user.id, &place)? {
        if credential.is_some_and(|(_, allowed)| !allowed.contains(&id)) {
            continue;
        }
        // Roles of one domain only stand for the global ones that they imply.
        let role = roles::store::get(db, &id)?.filter(|role| role.domain_id.is_none());
        roles.extend(role.map(|role| Named { id: role.id, name: role.name }));
    }
    Ok(roles)
}
