//! A token as it is understood, after its claims met the rows.

use kit::clock::Time;
use kit::ids::{ApplicationCredentialId, DomainId, ProjectId, RoleId, UserId};
use kit::policy::{Caller, Scope};

/// An id with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named<Id> {
    pub(crate) id: Id,
    pub(crate) name: String,
}

/// What the token gives access to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TokenScope {
    Project { project: Named<ProjectId>, domain: Named<DomainId>, is_domain: bool },
    Domain(Named<DomainId>),
    System,
    Unscoped,
}

/// The application credential behind a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CredentialReference {
    pub(crate) id: ApplicationCredentialId,
    pub(crate) name: String,
    /// Whether the token may manage application credentials.
    pub(crate) unrestricted: bool,
}

/// A good token.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) methods: Vec<String>,
    pub(crate) user: Named<UserId>,
    pub(crate) user_domain: Named<DomainId>,
    pub(crate) audit_ids: Vec<String>,
    pub(crate) issued_at: Time,
    pub(crate) expires_at: Time,
    pub(crate) scope: TokenScope,
    pub(crate) roles: Vec<Named<RoleId>>,
    pub(crate) application_credential: Option<CredentialReference>,
}

impl Token {
    /// Who the token speaks for, in the words of policy.
    pub(crate) fn caller(&self) -> Caller {
        let (scope, project_name) = match &self.scope {
            TokenScope::Project { project, domain, .. } => {
                (Scope::Project(project.id.clone(), domain.id.clone()), project.name.clone())
            }
            TokenScope::Domain(domain) => (Scope::Domain(domain.id.clone()), String::new()),
            TokenScope::System => (Scope::System, String::new()),
            TokenScope::Unscoped => (Scope::Unscoped, String::new()),
        };
        Caller {
            user_id: self.user.id.clone(),
            user_name: self.user.name.clone(),
            user_domain_id: self.user_domain.id.clone(),
            scope,
            project_name,
            roles: self.roles.iter().map(|role| role.name.clone()).collect(),
            // Keystone: without `admin_project_name` set, every project is one.
            is_admin_project: true,
            expires_at: self.expires_at,
            audit_ids: self.audit_ids.clone(),
            application_credential_id: self
                .application_credential
                .as_ref()
                .map(|credential| credential.id.to_string()),
        }
    }

    /// Whether the token came from a password, not from something narrower than its user.
    pub(crate) fn is_delegated(&self) -> bool {
        self.application_credential.is_some()
            || self.methods.iter().any(|method| !matches!(method.as_str(), "password" | "token"))
    }
}
