//! Tables of attributes: who may write what, when it is checked how, what one can filter and
//! sort by. A resource's `attributes.rs` holds a row per attribute; this file reads them.
//!
//! Follows `neutron_lib/api/attributes.py` and `neutron/policy.py`: unknown attributes are refused
//! before missing ones, missing ones before wrong ones; and each attribute that a request sets may
//! have a rule of its own, joined to the operation's.

use kit::error::{Error, Result};
use kit::platform::Platform;
use kit::policy::{Caller, POLICY_DENIED, Rule, Target};
use serde_json::{Map, Value};

use crate::checks::{Bad, Check, anything, text};

/// When a request may set an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// Never.
    Never,
    /// Later, but not when the thing is made.
    Change,
    /// When the thing is made.
    Create,
    /// When it is made, and it must.
    Required,
    /// When it is made, and it must, and later.
    Needed,
    /// When it is made, and later.
    Always,
}

impl When {
    fn lets_change(self) -> bool {
        matches!(self, Self::Change | Self::Needed | Self::Always)
    }
}

/// One attribute: a row.
#[derive(Debug)]
pub(crate) struct Attribute {
    /// Its key.
    pub(crate) name: &'static str,
    /// When it may be set.
    pub(crate) when: When,
    /// Converts and checks what is set.
    pub(crate) check: Check,
    /// Whether lists can be filtered by it.
    pub(crate) filter: bool,
    /// Whether lists can be sorted by it.
    pub(crate) sort: bool,
    /// Whether every value that a new thing is given says something.
    without_default: bool,
    /// Who may set it when the thing is made.
    create_rule: Option<&'static Rule>,
    /// Who may set it later.
    update_rule: Option<&'static Rule>,
    /// Who may set this key of an element when the thing is made.
    element_rule: Option<(&'static str, &'static Rule)>,
    /// Who may set these keys of an object when the thing is made, and later.
    member_rules: (KeyRules, KeyRules),
}

/// Keys, and who may set them.
type KeyRules = &'static [(&'static str, &'static Rule)];

impl Attribute {
    /// Shown, filtered and sorted by, never set.
    pub(crate) const fn shown(name: &'static str) -> Self {
        Self {
            name,
            when: When::Never,
            check: anything,
            filter: true,
            sort: true,
            without_default: false,
            create_rule: None,
            update_rule: None,
            element_rule: None,
            member_rules: (&[], &[]),
        }
    }

    /// Set later only.
    pub(crate) const fn changed(name: &'static str, check: Check) -> Self {
        Self { when: When::Change, check, ..Self::shown(name) }
    }

    /// Set at any time.
    pub(crate) const fn set(name: &'static str, check: Check) -> Self {
        Self { when: When::Always, check, ..Self::shown(name) }
    }

    /// Set when the thing is made.
    pub(crate) const fn created(name: &'static str, check: Check) -> Self {
        Self { when: When::Create, check, ..Self::shown(name) }
    }

    /// Set when the thing is made, always.
    pub(crate) const fn required(name: &'static str, check: Check) -> Self {
        Self { when: When::Required, check, ..Self::shown(name) }
    }

    /// Set when the thing is made, always, and later.
    pub(crate) const fn needed(name: &'static str, check: Check) -> Self {
        Self { when: When::Needed, check, ..Self::shown(name) }
    }

    /// Never set; lists are filtered by it, by a value of this kind.
    pub(crate) const fn filtered(name: &'static str, check: Check) -> Self {
        Self { check, sort: false, ..Self::shown(name) }
    }

    /// The same, where Neutron knows no default: to set it false is to set it.
    pub(crate) const fn without_default(mut self) -> Self {
        self.without_default = true;
        self
    }

    /// The same, without sorting.
    pub(crate) const fn unsorted(mut self) -> Self {
        self.sort = false;
        self
    }

    /// The same, without filtering and sorting.
    pub(crate) const fn unlisted(mut self) -> Self {
        self.filter = false;
        self.sort = false;
        self
    }

    /// The same, with rules for whoever sets it at first and later.
    pub(crate) const fn rules(
        mut self,
        create: Option<&'static Rule>,
        update: Option<&'static Rule>,
    ) -> Self {
        self.create_rule = create;
        self.update_rule = update;
        self
    }

    /// The same, with rules for keys of an object, for whoever sets it at first and later.
    pub(crate) const fn members(mut self, create: KeyRules, update: KeyRules) -> Self {
        self.member_rules = (create, update);
        self
    }

    /// The same, with a rule for one key of its elements.
    pub(crate) const fn element(mut self, key: &'static str, rule: &'static Rule) -> Self {
        self.element_rule = Some((key, rule));
        self
    }
}

/// What every resource has besides its own attributes.
pub(crate) static STANDARD: &[Attribute] = &[
    Attribute::shown("id"),
    Attribute::created("project_id", text),
    Attribute::created("tenant_id", text),
    Attribute::shown("created_at").unlisted(),
    Attribute::shown("updated_at").unlisted(),
    Attribute::shown("revision_number"),
];

/// Finds an attribute among those of a resource and [`STANDARD`].
pub(crate) fn find(own: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    all(own).find(|attribute| attribute.name == name)
}

fn all(own: &'static [Attribute]) -> impl Iterator<Item = &'static Attribute> {
    own.iter().chain(STANDARD)
}

/// Holds what a request sets on a new thing to the table.
pub(crate) fn check_create(
    own: &'static [Attribute],
    caller: &Caller,
    admin: bool,
    mut given: Map<String, Value>,
) -> Result<Map<String, Value>> {
    settle_owner(caller, admin, &mut given)?;
    refuse_unknown(own, &given)?;
    for attribute in all(own) {
        let name = attribute.name;
        match (attribute.when, given.contains_key(name)) {
            (When::Never | When::Change, true) => {
                return Err(Error::bad_request(format!("Attribute '{name}' not allowed in POST")));
            }
            (When::Required | When::Needed, false) => {
                return Err(Error::bad_request(format!(
                    "Failed to parse request. Required attribute '{name}' not specified"
                )));
            }
            (
                When::Never
                | When::Change
                | When::Create
                | When::Required
                | When::Needed
                | When::Always,
                _,
            ) => {}
        }
    }
    convert(own, given)
}

/// Holds what a request changes to the table.
pub(crate) fn check_update(
    own: &'static [Attribute],
    given: Map<String, Value>,
) -> Result<Map<String, Value>> {
    refuse_unknown(own, &given)?;
    for name in given.keys() {
        if !find(own, name).is_some_and(|attribute| attribute.when.lets_change()) {
            return Err(Error::bad_request(format!("Cannot update read-only attribute {name}")));
        }
    }
    convert(own, given)
}

/// `tenant_id` is the old name of `project_id`; only administrators make things for others.
fn settle_owner(caller: &Caller, admin: bool, given: &mut Map<String, Value>) -> Result<()> {
    let own = caller.project().map(|project| Value::from(project.as_str()));
    let (project, tenant) = (given.get("project_id"), given.get("tenant_id"));
    if let (Some(project), Some(tenant)) = (project, tenant)
        && project != tenant
    {
        return Err(Error::bad_request("'project_id' and 'tenant_id' do not match"));
    }
    let asked = project.or(tenant).cloned();
    if asked.is_some() && asked != own && !admin {
        return Err(Error::bad_request(
            "Specifying 'project_id' other than the authenticated project in request is not \
             allowed for the current user.",
        ));
    }
    let owner = asked.or(own).ok_or_else(|| {
        Error::bad_request("Running without keystone AuthN requires that project_id is specified")
    })?;
    given.remove("tenant_id");
    given.insert("project_id".to_owned(), owner);
    Ok(())
}

fn refuse_unknown(own: &'static [Attribute], given: &Map<String, Value>) -> Result<()> {
    let unknown: Vec<&str> =
        given.keys().map(String::as_str).filter(|name| find(own, name).is_none()).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Error::bad_request(format!("Unrecognized attribute(s) '{}'", unknown.join(", "))))
}

fn convert(own: &'static [Attribute], mut given: Map<String, Value>) -> Result<Map<String, Value>> {
    for attribute in all(own) {
        let Some(value) = given.get_mut(attribute.name) else {
            continue;
        };
        *value = check_value(attribute, value)?;
    }
    Ok(given)
}

/// Holds one value to its attribute: what an action of its own sets.
pub(crate) fn check_value(attribute: &Attribute, value: &Value) -> Result<Value> {
    (attribute.check)(value).map_err(|bad| match bad {
        Bad::Whole(error) => error,
        Bad::Reason(reason) => {
            Error::bad_request(format!("Invalid input for {}. Reason: {reason}.", attribute.name))
        }
    })
}

/// Applies the operation's rule and those of the attributes that a request sets, joined.
pub(crate) fn authorize(
    platform: &Platform,
    caller: &Caller,
    target: &Target,
    base: &'static Rule,
    own: &'static [Attribute],
    set: (&Map<String, Value>, Verb),
) -> Result<()> {
    let (given, verb) = set;
    let mut rules = vec![base];
    for attribute in all(own) {
        let value = given.get(attribute.name);
        rules.extend(value.into_iter().flat_map(|value| rules_of(attribute, value, verb)));
    }
    if rules.iter().all(|rule| platform.policy.allows(rule, caller, target)) {
        return Ok(());
    }
    let joined = rules
        .iter()
        .skip(1)
        .fold(format!("rule:{}", base.name), |sum, rule| format!("({sum} and rule:{})", rule.name));
    Err(Error::forbidden(format!("{joined} is disallowed by policy")).tag(POLICY_DENIED))
}

/// What a request does with the attributes it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    /// Makes a thing with them.
    Create,
    /// Changes them.
    Update,
}

fn rules_of(
    attribute: &'static Attribute,
    value: &Value,
    verb: Verb,
) -> impl Iterator<Item = &'static Rule> + use<> {
    let (own, members) = match verb {
        // Neutron: to set the default is to set nothing.
        Verb::Create => {
            let says = attribute.without_default || !is_default(value);
            (attribute.create_rule.filter(|_| says), attribute.member_rules.0)
        }
        Verb::Update => (attribute.update_rule, attribute.member_rules.1),
    };
    let members: Vec<_> = members
        .iter()
        .filter(|(key, _)| value.get(*key).is_some())
        .map(|(_, rule)| *rule)
        .collect();
    let has =
        |key| value.as_array().is_some_and(|items| items.iter().any(|i| i.get(key).is_some()));
    let element = attribute.element_rule.filter(|(key, _)| has(*key)).map(|(_, rule)| rule);
    own.into_iter().chain(element).chain(members)
}

fn is_default(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::String(text) => text.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Number(_) | Value::Array(_) => false,
    }
}
