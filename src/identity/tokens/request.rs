//! The body of `POST /auth/tokens`: what someone shows to be who they are, and what they want a
//! token for. Reads and never looks anything up.

use kit::error::{Error, Result};
use kit::ids::{ApplicationCredentialId, DomainId, ProjectId, UserId};
use kit::secret::Secret;
use serde_json::Value;

use crate::sentences::expecting;

/// What a login consists of.
#[derive(Debug)]
pub(crate) struct AuthRequest {
    /// Each method once, in the order of the body.
    pub(crate) methods: Vec<Proof>,
    /// `None` where the body says nothing about it.
    pub(crate) scope: Option<ScopeRequest>,
}

/// One method with its evidence.
#[derive(Debug)]
pub(crate) enum Proof {
    Password { user: UserReference, password: Secret },
    Token(Secret),
    ApplicationCredential { credential: CredentialReference, secret: Secret },
}

/// A domain by id or name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DomainReference {
    Id(DomainId),
    Name(String),
}

/// A user by id, or by name in a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UserReference {
    Id(UserId),
    Name(String, DomainReference),
}

/// A project by id, or by name in a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ProjectReference {
    Id(ProjectId),
    Name(String, DomainReference),
}

/// An application credential by id, or by name of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CredentialReference {
    Id(ApplicationCredentialId),
    Name(String, UserReference),
}

/// What the token shall give access to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ScopeRequest {
    Project(ProjectReference),
    Domain(DomainReference),
    System,
    Unscoped,
    /// Trusts are not part of this cloud, so there is none to be found.
    Trust,
}

impl AuthRequest {
    /// Reads the whole body.
    pub(crate) fn parse(body: &Value) -> Result<Self> {
        let auth = body.get("auth").filter(|auth| auth.is_object());
        let auth = auth.ok_or_else(|| expecting("auth", "request body"))?;
        let identity = auth.get("identity").ok_or_else(|| expecting("identity", "auth"))?;
        let methods = methods(identity)?;
        let scope = auth.get("scope").map(scope).transpose()?;
        let delegated =
            methods.iter().any(|proof| matches!(proof, Proof::ApplicationCredential { .. }));
        if delegated && scope.is_some() {
            return Err(Error::unauthorized(
                "Error authenticating with application credential: Application credentials cannot request a scope.",
            ));
        }
        Ok(Self { methods, scope })
    }
}

fn methods(identity: &Value) -> Result<Vec<Proof>> {
    let listed = identity.get("methods").and_then(Value::as_array).into_iter().flatten();
    let mut names: Vec<&str> = Vec::new();
    for name in listed.filter_map(Value::as_str) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut proofs = Vec::new();
    for name in names {
        let data = identity.get(name).ok_or_else(|| expecting(name, "identity"))?;
        proofs.push(proof(name, data)?);
    }
    Ok(proofs)
}

fn proof(method: &str, data: &Value) -> Result<Proof> {
    match method {
        "password" => {
            let user = data.get("user").ok_or_else(|| expecting("user", "password"))?;
            Ok(Proof::Password { user: user_reference(user)?, password: secret(user, "password") })
        }
        "token" => {
            let id = text(data, "id").ok_or_else(|| expecting("id", "token"))?;
            Ok(Proof::Token(Secret::new(id)))
        }
        "application_credential" => Ok(Proof::ApplicationCredential {
            credential: credential_reference(data)?,
            secret: secret(data, "secret"),
        }),
        _ => Err(Error::unauthorized("Attempted to authenticate with an unsupported method.")),
    }
}

fn scope(scope: &Value) -> Result<ScopeRequest> {
    const KINDS: [&str; 5] = ["system", "project", "domain", "OS-TRUST:trust", "unscoped"];
    if scope.as_str() == Some("unscoped") {
        return Ok(ScopeRequest::Unscoped);
    }
    let given: Vec<_> = KINDS.iter().filter_map(|kind| Some((*kind, scope.get(kind)?))).collect();
    match given.as_slice() {
        [("system", _)] => Ok(ScopeRequest::System),
        [("unscoped", _)] => Ok(ScopeRequest::Unscoped),
        [("OS-TRUST:trust", _)] => Ok(ScopeRequest::Trust),
        [("domain", domain)] => Ok(ScopeRequest::Domain(domain_reference(domain, "scope/domain")?)),
        [("project", project)] => Ok(ScopeRequest::Project(project_reference(project)?)),
        _ => Err(expecting("system, project, domain, OS-TRUST:trust or unscoped", "scope")),
    }
}

/// Keystone: `auth/schema.py` names the place where neither is given.
fn neither_id_nor_name(place: &str) -> Error {
    Error::bad_request(format!("Invalid input for field {place}: id or name must be present."))
}

fn domain_reference(domain: &Value, place: &str) -> Result<DomainReference> {
    match (text(domain, "name"), text(domain, "id")) {
        (Some(name), _) => Ok(DomainReference::Name(name.to_owned())),
        (None, Some(id)) => Ok(DomainReference::Id(DomainId::from(id))),
        (None, None) => Err(neither_id_nor_name(place)),
    }
}

fn user_reference(user: &Value) -> Result<UserReference> {
    match (text(user, "name"), text(user, "id")) {
        (Some(name), _) => {
            let domain = user.get("domain").ok_or_else(|| expecting("domain", "user"))?;
            let domain = domain_reference(domain, "identity/password/user/domain")?;
            Ok(UserReference::Name(name.to_owned(), domain))
        }
        (None, Some(id)) => Ok(UserReference::Id(UserId::from(id))),
        (None, None) => Err(neither_id_nor_name("identity/password/user")),
    }
}

fn project_reference(project: &Value) -> Result<ProjectReference> {
    match (text(project, "name"), text(project, "id")) {
        (Some(name), _) => {
            let domain = project.get("domain").ok_or_else(|| expecting("domain", "project"))?;
            let domain = domain_reference(domain, "scope/project/domain")?;
            Ok(ProjectReference::Name(name.to_owned(), domain))
        }
        (None, Some(id)) => Ok(ProjectReference::Id(ProjectId::from(id))),
        (None, None) => Err(neither_id_nor_name("scope/project")),
    }
}

fn credential_reference(data: &Value) -> Result<CredentialReference> {
    if let Some(id) = text(data, "id") {
        return Ok(CredentialReference::Id(ApplicationCredentialId::from(id)));
    }
    let target = "application credential";
    let name = text(data, "name").ok_or_else(|| expecting("name or ID", target))?;
    let user = data.get("user").ok_or_else(|| expecting("user", target))?;
    Ok(CredentialReference::Name(name.to_owned(), user_reference(user)?))
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn secret(value: &Value, key: &str) -> Secret {
    Secret::new(value.get(key).and_then(Value::as_str).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_scope_is_understood() {
        let default = DomainReference::Id(DomainId::from("default"));
        let by_name = json!({"project": {"name": "demo", "domain": {"id": "default"}}});
        assert_eq!(
            scope(&by_name).unwrap(),
            ScopeRequest::Project(ProjectReference::Name("demo".to_owned(), default.clone()))
        );
        let domain = json!({"domain": {"id": "default"}});
        assert_eq!(scope(&domain).unwrap(), ScopeRequest::Domain(default));
        assert_eq!(scope(&json!({"system": {"all": true}})).unwrap(), ScopeRequest::System);
        assert_eq!(scope(&json!("unscoped")).unwrap(), ScopeRequest::Unscoped);
        assert_eq!(scope(&json!({"unscoped": {}})).unwrap(), ScopeRequest::Unscoped);
    }

    #[test]
    fn no_scope_and_two_scopes_are_malformed() {
        for value in
            [json!({}), json!("x"), json!({"system": {"all": true}, "domain": {"id": "d"}})]
        {
            assert!(
                scope(&value).unwrap_err().public.contains("OS-TRUST:trust or unscoped in scope")
            );
        }
    }

    #[test]
    fn a_user_name_without_a_domain_is_malformed() {
        let body = json!({"auth": {"identity": {
            "methods": ["password"], "password": {"user": {"name": "demo", "password": "x"}}}}});
        let error = AuthRequest::parse(&body).unwrap_err();
        assert!(error.public.starts_with("Expecting to find domain in user."), "{error}");
    }

    #[test]
    fn a_method_counts_once_and_needs_its_data() {
        let body = json!({"auth": {"identity": {
            "methods": ["token", "token"], "token": {"id": "x"}}}});
        assert_eq!(AuthRequest::parse(&body).unwrap().methods.len(), 1);
        let body = json!({"auth": {"identity": {"methods": ["token"]}}});
        let error = AuthRequest::parse(&body).unwrap_err();
        assert!(error.public.starts_with("Expecting to find token in identity."), "{error}");
    }
}
