//! Who may do what: Keystone-style callers, oslo.policy check strings as data.

mod check;
mod overrides;
mod rules;

use std::collections::HashMap;
use std::path::Path;

pub use check::{Check, Target};
pub use rules::{
    ADMIN, ADMIN_OR_OWNER_USER, ANY, PROJECT_MANAGER_OR_ADMIN, PROJECT_MEMBER_OR_ADMIN,
    PROJECT_READER_OR_ADMIN, Rule, SHARED_RULES,
};

use crate::clock::Time;
use crate::error::{Error, Result};
use crate::ids::{DomainId, ProjectId, UserId};

/// What a token gives access to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One project, with its domain.
    Project(ProjectId, DomainId),
    /// One domain.
    Domain(DomainId),
    /// The whole deployment.
    System,
    /// Nothing yet.
    Unscoped,
}

/// Who asks, as the token says.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The user.
    pub user_id: UserId,
    /// The user's name.
    pub user_name: String,
    /// The user's domain.
    pub user_domain_id: DomainId,
    /// What the token is for.
    pub scope: Scope,
    /// Name of the scope's project, if it is one.
    pub project_name: String,
    /// Names of the effective roles, implied ones included.
    pub roles: Vec<String>,
    /// Whether the project is the one whose `admin`s rule the cloud (Keystone's admin project).
    pub is_admin_project: bool,
    /// When the token ends.
    pub expires_at: Time,
    /// The token's audit ids, the newest first.
    pub audit_ids: Vec<String>,
    /// The application credential behind the token, if any.
    pub application_credential_id: Option<String>,
}

impl Caller {
    /// The project of the token, if it has one.
    pub fn project(&self) -> Option<&ProjectId> {
        match &self.scope {
            Scope::Project(project, _) => Some(project),
            Scope::Domain(_) | Scope::System | Scope::Unscoped => None,
        }
    }

    /// The project of the token; 403 without one.
    pub fn require_project(&self) -> Result<&ProjectId> {
        self.project().ok_or_else(|| Error::forbidden("This token is not scoped to a project."))
    }

    /// Whether the caller has a role.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|own| own.eq_ignore_ascii_case(role))
    }

    /// A caller for the house's own work: steps and reconcilers that outlive a request.
    pub fn internal(project: &ProjectId, user: &UserId) -> Self {
        Self {
            user_id: user.clone(),
            user_name: String::new(),
            user_domain_id: DomainId::from("default"),
            scope: Scope::Project(project.clone(), DomainId::from("default")),
            project_name: String::new(),
            roles: vec!["admin".to_owned(), "member".to_owned(), "reader".to_owned()],
            is_admin_project: true,
            expires_at: Time(i64::MAX),
            audit_ids: Vec::new(),
            application_credential_id: None,
        }
    }
}

/// Every rule of every service, parsed; decides.
pub struct Enforcer {
    checks: HashMap<String, Check>,
}

impl Enforcer {
    /// Parses the rules' defaults and the operator's file; an error names rule, file and line.
    pub fn new(rules: &[&'static [Rule]], file: Option<&Path>) -> Result<Self> {
        let mut checks = HashMap::new();
        for rule in rules.iter().copied().flatten().chain(SHARED_RULES) {
            let check = Check::parse(rule.check)
                .map_err(|why| Error::internal(format!("rule {}: {why}", rule.name)))?;
            checks.insert(rule.name.to_owned(), check);
        }
        if let Some(file) = file {
            overrides::apply(file, &mut checks)?;
        }
        Ok(Self { checks })
    }

    /// Whether `caller` may, by the rule of this name, act on `target`. An unknown rule denies.
    pub fn allows_name(&self, name: &str, caller: &Caller, target: &Target) -> bool {
        self.checks.get(name).is_some_and(|check| check.holds(caller, target, &self.checks))
    }

    /// Whether `caller` may act on `target`.
    pub fn allows(&self, rule: &Rule, caller: &Caller, target: &Target) -> bool {
        self.allows_name(rule.name, caller, target)
    }

    /// Whether `caller` is an administrator of the deployment, as the operator's rules have it.
    pub fn is_administrator(&self, caller: &Caller) -> bool {
        self.allows_name("context_is_admin", caller, &Target::none())
    }

    /// [`Enforcer::allows`], or 403 with the sentence of oslo.policy's users.
    pub fn authorize(&self, rule: &Rule, caller: &Caller, target: &Target) -> Result<()> {
        if self.allows(rule, caller, target) {
            return Ok(());
        }
        Err(denied(rule))
    }
}

/// Nova: `PolicyNotAuthorized`. Dialects with another sentence map it in `http/fault.rs`.
pub fn denied(rule: &Rule) -> Error {
    Error::forbidden(format!("Policy doesn't allow {} to be performed.", rule.name))
        .tag(POLICY_DENIED)
        .private(rule.name)
}

/// The tag of an error that policy made; `http/fault.rs` words it for each dialect.
pub const POLICY_DENIED: &str = "PolicyNotAuthorized";

/// A row that yields itself only to a policy check: forgetting the check does not compile.
#[derive(Debug)]
pub struct Guarded<T> {
    row: T,
    target: Target,
}

impl<T> Guarded<T> {
    /// Wraps a row with what rules may ask of it.
    pub fn new(row: T, target: Target) -> Self {
        Self { row, target }
    }

    /// The row, if `rule` allows `caller`; else 403.
    pub fn open(self, policy: &Enforcer, caller: &Caller, rule: &Rule) -> Result<T> {
        policy.authorize(rule, caller, &self.target)?;
        Ok(self.row)
    }

    /// The row, if `rule` allows `caller`; else the service's own "not found", for APIs that
    /// hide what the caller may not see (Neutron, Glance).
    pub fn open_or_hide(
        self,
        policy: &Enforcer,
        caller: &Caller,
        rule: &Rule,
        hidden: impl FnOnce() -> Error,
    ) -> Result<T> {
        if policy.allows(rule, caller, &self.target) { Ok(self.row) } else { Err(hidden()) }
    }

    /// The row, where the operation's row in the table says that nothing is asked.
    pub(crate) fn open_to_all(self) -> T {
        self.row
    }

    /// The same, where what rules may ask hangs on more than the row.
    #[must_use]
    pub fn refine(self, refine: impl FnOnce(&T, Target) -> Target) -> Self {
        let target = refine(&self.row, self.target);
        Self { row: self.row, target }
    }

    /// What rules may ask of the row.
    pub fn target(&self) -> &Target {
        &self.target
    }
}

#[cfg(test)]
mod tests;
