//! Which types a caller may use: a rule for a type, or for all of a kind (`OS::Keystone::*`). A
//! type without a rule is everybody's. Whoever takes a template, or acts on a whole stack, asks.

use kit::error::{Error, Result};
use kit::policy::{Caller, Enforcer, Rule, Target};

use crate::policy;
use crate::template::Definition;

/// What the names of these rules begin with.
const PREFIX: &str = "resource_types:";

/// Refuses a type that the caller may not use.
pub(crate) fn check(enforcer: &Enforcer, caller: &Caller, name: &str) -> Result<()> {
    let allows = |rule: &Rule| enforcer.allows(rule, caller, &Target::none());
    // Heat: a refusal by the rule of the type itself names the rule, one by that of the kind the type.
    if rule_of(name).is_some_and(|rule| !allows(rule)) {
        return Err(refused(&format!("{PREFIX}{name}")));
    }
    let kind = name.rsplit_once("::").map(|(kind, _)| format!("{kind}::*")).unwrap_or_default();
    if rule_of(&kind).is_some_and(|rule| !allows(rule)) {
        return Err(refused(name));
    }
    Ok(())
}

/// Refuses a template with a type that the caller may not use.
pub(crate) fn check_all(
    enforcer: &Enforcer,
    caller: &Caller,
    definition: &Definition,
) -> Result<()> {
    let mut resources = definition.resources();
    resources.try_for_each(|resource| check(enforcer, caller, &resource.resource_type))
}

fn rule_of(name: &str) -> Option<&'static Rule> {
    policy::ALL.iter().find(|rule| rule.name.strip_prefix(PREFIX) == Some(name))
}

fn refused(what: &str) -> Error {
    Error::forbidden(format!("You are not authorized to use {what}.")).tag("Forbidden")
}
