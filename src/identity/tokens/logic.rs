//! The rules of tokens: issue, validate, revoke.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::Platform;
use kit::clock::Time;
use kit::error::Result;
use kit::ids::{DomainId, ProjectId};
use rusqlite::Connection;

use super::cache::TokenCache;
use super::jws::{self, Claims};
use super::keys::KeyRepository;
use super::methods::ec2::{self, SignedRequest};
use super::methods::{self, Proven};
use super::model::Token;
use super::request::{AuthRequest, DomainReference, ProjectReference, ScopeRequest};
use super::resolve::resolve;
use super::revocation::{self, Subject};
use crate::assignments::logic as assignments;
use crate::assignments::model::Place;
use crate::changes;
use crate::credentials::vault::Vault;
use crate::projects::model::Project;
use crate::sentences::{not_found, unauthorized};
use crate::{projects, users};

/// The ids that a new token is scoped to.
#[derive(Debug, Default)]
struct Ids {
    project: Option<ProjectId>,
    domain: Option<DomainId>,
    system: bool,
}

/// Verifies the request and makes a token: its text and what it is worth.
pub(crate) async fn issue(
    platform: &Arc<Platform>,
    request: AuthRequest,
) -> Result<(String, Token)> {
    let proven = methods::prove(platform, &request).await?;
    issue_proven(platform, proven, request.scope).await
}

/// Makes a token for whoever signed a request with an EC2 credential.
pub(crate) async fn issue_signed(
    platform: &Arc<Platform>,
    request: SignedRequest,
) -> Result<(String, Token)> {
    let (vault, now) = (platform.extension::<Vault>()?, platform.clock.now());
    let signer = platform.store.read(move |db| ec2::prove(db, &vault, &request, now)).await?;
    let scope = ScopeRequest::Project(ProjectReference::Id(signer.project.clone()));
    issue_proven(platform, Proven::by_signature(signer), Some(scope)).await
}

async fn issue_proven(
    platform: &Arc<Platform>,
    proven: Proven,
    scope: Option<ScopeRequest>,
) -> Result<(String, Token)> {
    let now = platform.clock.now();
    let life = platform.settings.identity.token_expiration;
    let cache = platform.extension::<TokenCache>()?;
    let generation = cache.generation();
    let (claims, token) = platform
        .store
        .read(move |db| {
            let ids = scope_ids(db, &proven, scope.as_ref())?;
            let claims = claims(proven, ids, now, life);
            let token = resolve(db, &claims, now, 0)?;
            Ok((claims, token))
        })
        .await?;
    let text = jws::sign(&*platform.extension::<KeyRepository>()?, &claims, now)?;
    cache.put(&text, generation, token.caller());
    Ok((text, token))
}

/// The token behind a text; `window` seconds after its end still count.
pub(crate) async fn validate(platform: &Arc<Platform>, text: &str, window: i64) -> Result<Token> {
    let keys = platform.extension::<KeyRepository>()?;
    let claims = jws::verify(&keys, text).ok_or_else(|| not_found("token", text))?;
    let now = platform.clock.now();
    platform.store.read(move |db| resolve(db, &claims, now, window)).await
}

/// Ends a token, and with it those that were made from it unless `cascade` is false.
pub(crate) async fn revoke(platform: &Arc<Platform>, token: Token, cascade: bool) -> Result<()> {
    let now = platform.clock.now();
    let settings = platform.settings.clone();
    let audit_id = token.audit_ids.into_iter().next().unwrap_or_default();
    changes::commit(platform, "tokens:revoke", move |tx| {
        revocation::revoke(tx, &settings, &Subject::Token(audit_id.clone()), now)?;
        if cascade {
            revocation::revoke(tx, &settings, &Subject::Chain(audit_id), now)?;
        }
        Ok(())
    })
    .await
}

fn claims(proven: Proven, ids: Ids, now: Time, life: i64) -> Claims {
    let end = now.plus_seconds(life);
    let end = proven.expires_at.map_or(end, |limit| limit.min(end));
    let own = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
    Claims {
        sub: proven.user_id,
        iat: now.seconds(),
        exp: end.seconds(),
        methods: proven.methods,
        audit_ids: std::iter::once(own).chain(proven.audit_chain_id).collect(),
        system: ids.system.then(|| "all".to_owned()),
        domain_id: ids.domain,
        project_id: ids.project,
        application_credential_id: proven.application_credential.map(|(id, _)| id),
        iat_us: Some(now.0.rem_euclid(1_000_000)),
    }
}

/// Whatever is wrong with the scope, the client learns only that it may not have it.
fn scope_ids(db: &Connection, proven: &Proven, asked: Option<&ScopeRequest>) -> Result<Ids> {
    if let Some((_, project)) = &proven.application_credential {
        return Ok(Ids { project: Some(project.clone()), ..Ids::default() });
    }
    match asked {
        None => default_scope(db, proven),
        Some(ScopeRequest::Unscoped) => Ok(Ids::default()),
        Some(ScopeRequest::System) => Ok(Ids { system: true, ..Ids::default() }),
        Some(ScopeRequest::Domain(reference)) => {
            let domain = find_domain(db, reference)?
                .ok_or_else(|| unauthorized("no such domain, or a disabled one"))?;
            Ok(Ids { domain: Some(domain.as_domain_id()), ..Ids::default() })
        }
        Some(ScopeRequest::Project(reference)) => {
            let project = find_project(db, reference)?
                .ok_or_else(|| unauthorized("no such project, or a disabled one"))?;
            Ok(Ids { project: Some(project.id), ..Ids::default() })
        }
        Some(ScopeRequest::Trust) => Err(unauthorized("there are no trusts")),
    }
}

/// The user's default project, if the user may use it (Keystone: silently unscoped otherwise).
fn default_scope(db: &Connection, proven: &Proven) -> Result<Ids> {
    let user = users::store::get_for_system(db, &proven.user_id)?;
    let Some(id) = user.and_then(|user| user.default_project_id) else {
        return Ok(Ids::default());
    };
    let Some(project) = find_project(db, &ProjectReference::Id(id))? else {
        return Ok(Ids::default());
    };
    let place = Place::Project(project.id.clone());
    let roles = assignments::effective_roles(db, &proven.user_id, &place)?;
    Ok(Ids { project: (!roles.is_empty()).then_some(project.id), ..Ids::default() })
}

/// An enabled domain.
pub(crate) fn find_domain(db: &Connection, reference: &DomainReference) -> Result<Option<Project>> {
    let found = match reference {
        DomainReference::Id(id) => projects::store::get_domain_for_system(db, id)?,
        DomainReference::Name(name) => projects::store::get_by_name(db, name, None)?,
    };
    Ok(found.filter(|domain| domain.enabled))
}

/// An enabled project of an enabled domain.
fn find_project(db: &Connection, reference: &ProjectReference) -> Result<Option<Project>> {
    let found = match reference {
        ProjectReference::Id(id) => projects::store::get_for_system(db, id)?,
        ProjectReference::Name(name, domain) => match find_domain(db, domain)? {
            Some(domain) => projects::store::get_by_name(db, name, Some(&domain.as_domain_id()))?,
            None => None,
        },
    };
    let Some(project) = found.filter(|project| project.enabled) else {
        return Ok(None);
    };
    let Some(domain) = project.domain_id.clone() else {
        return Ok(None);
    };
    Ok(find_domain(db, &DomainReference::Id(domain))?.map(|_| project))
}
