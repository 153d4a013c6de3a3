//! oslo.policy check strings: parsed at start, evaluated in memory.
//!
//! Grammar as in `oslo_policy._parser`: `or` binds weaker than `and`, `not` stronger, brackets
//! group; atoms are `@` (always), `!` (never), `rule:name`, `role:name`,
//! `attribute:value`, where a value may be `%(key)s` of the target, and Neutron's
//! `field:resource:attribute=value`, where `~^value` asks for a beginning only.

use std::collections::{BTreeMap, HashMap};

use super::{Caller, Scope};

/// What a rule may ask of the thing acted on: `project_id`, `user_id`, `visibility`, ….
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target(BTreeMap<String, String>);

impl Target {
    /// A target with nothing to ask.
    pub fn none() -> Self {
        Self::default()
    }

    /// A thing of a project.
    pub fn project(project: impl AsRef<str>) -> Self {
        Self::none().with("project_id", project)
    }

    /// The caller's own project and user: for operations on no particular row.
    pub fn own(caller: &Caller) -> Self {
        let own = Self::none().with("user_id", caller.user_id.as_str());
        match caller.project() {
            Some(project) => own.with("project_id", project.as_str()),
            None => own,
        }
    }

    /// Adds one attribute.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl AsRef<str>) -> Self {
        self.0.insert(key.to_owned(), value.as_ref().to_owned());
        self
    }
}

/// A parsed check string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// `@` or nothing: always.
    Always,
    /// `!`: never.
    Never,
    /// `rule:name`.
    Rule(String),
    /// `role:name`.
    Role(String),
    /// `left:right`, each side an attribute or a constant.
    Equal(String, String),
    /// `field:networks:shared=True`: an attribute of the target itself, whole or its beginning.
    Field {
        /// The attribute.
        key: String,
        /// What it must be.
        value: String,
        /// Whether `value` is only its beginning.
        prefix: bool,
    },
    /// `not …`.
    Not(Box<Check>),
    /// `… and …`.
    All(Vec<Check>),
    /// `… or …`.
    Any(Vec<Check>),
}

impl Check {
    /// Reads a check string; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let spaced = text.replace('(', " ( ").replace(')', " ) ");
        // `%(key)s` must not be torn apart by the brackets' spaces.
        let whole = spaced.replace("% ( ", "%(").replace(" ) s", ")s");
        let tokens: Vec<&str> = whole.split_whitespace().collect();
        if tokens.is_empty() {
            return Ok(Self::Always);
        }
        let mut parser = Parser { tokens: &tokens, at: 0 };
        let check = parser.any()?;
        match parser.peek() {
            None => Ok(check),
            Some(left) => Err(format!("unexpected '{left}' in '{text}'")),
        }
    }

    /// Whether the check holds; `rules` resolves `rule:`. A rule that is not there denies.
    pub fn holds(&self, caller: &Caller, target: &Target, rules: &HashMap<String, Self>) -> bool {
        self.holds_at(caller, target, rules, 0)
    }

    fn holds_at(
        &self,
        caller: &Caller,
        target: &Target,
        rules: &HashMap<String, Self>,
        depth: usize,
    ) -> bool {
        let inner = |check: &Self| check.holds_at(caller, target, rules, depth + 1);
        match self {
            Self::Always => true,
            Self::Never => false,
            // A cycle in the operator's file must deny, not end the process.
            Self::Rule(name) => depth < 32 && rules.get(name).is_some_and(inner),
            Self::Role(role) => caller.has_role(role),
            Self::Equal(left, right) => equal(left, right, caller, target),
            Self::Field { key, value, prefix } => target.0.get(key).is_some_and(|have| {
                if *prefix { have.starts_with(value.as_str()) } else { have == value }
            }),
            Self::Not(check) => !inner(check),
            Self::All(checks) => checks.iter().all(inner),
            Self::Any(checks) => checks.iter().any(inner),
        }
    }
}

/// oslo.policy's `GenericCheck`: the left side is an attribute of the credentials or a constant
/// as Python writes it, the right side a constant or `%(key)s` of the target.
fn equal(left: &str, right: &str, caller: &Caller, target: &Target) -> bool {
    let right = match right.strip_prefix("%(").and_then(|rest| rest.strip_suffix(")s")) {
        Some(key) => match target.0.get(key) {
            Some(value) => value.as_str(),
            None => return false,
        },
        None => right,
    };
    match credential(caller, left) {
        Some(value) => value == right,
        None => {
            left == "None" && right == "None"
                || left.starts_with('\'') && left.trim_matches('\'') == right
        }
    }
}

/// An attribute of the credentials; `None` where there is no such attribute. One that is there
/// without a value reads as Python's `None`.
fn credential<'a>(caller: &'a Caller, name: &str) -> Option<&'a str> {
    match (name, &caller.scope) {
        ("user_id", _) => Some(caller.user_id.as_str()),
        ("user_domain_id", _) => Some(caller.user_domain_id.as_str()),
        ("project_id" | "tenant_id", Scope::Project(project, _)) => Some(project.as_str()),
        ("project_domain_id" | "token.project.domain.id", Scope::Project(_, domain))
        | ("domain_id" | "token.domain.id", Scope::Domain(domain)) => Some(domain.as_str()),
        ("system_scope" | "system", Scope::System) => Some("all"),
        (
            "project_id" | "tenant_id" | "project_domain_id" | "domain_id" | "system_scope"
            | "system",
            _,
        ) => Some("None"),
        ("is_admin_project", _) => Some(if caller.is_admin_project { "True" } else { "False" }),
        _ => None,
    }
}

struct Parser<'a> {
    tokens: &'a [&'a str],
    at: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.at).copied()
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    fn any(&mut self) -> Result<Check, String> {
        let mut checks = vec![self.all()?];
        while self.take_word("or") {
            checks.push(self.all()?);
        }
        Ok(single(checks, Check::Any))
    }

    fn all(&mut self) -> Result<Check, String> {
        let mut checks = vec![self.one()?];
        while self.take_word("and") {
            checks.push(self.one()?);
        }
        Ok(single(checks, Check::All))
    }

    fn one(&mut self) -> Result<Check, String> {
        if self.take_word("not") {
            return Ok(Check::Not(Box::new(self.one()?)));
        }
        if self.take_word("(") {
            let check = self.any()?;
            return if self.take_word(")") {
                Ok(check)
            } else {
                Err("a bracket is open".to_owned())
            };
        }
        let token = self.peek().ok_or("the check ends too early")?;
        self.at += 1;
        match token {
            "@" => return Ok(Check::Always),
            "!" => return Ok(Check::Never),
            _ => {}
        }
        match token.split_once(':') {
            Some(("rule", name)) => Ok(Check::Rule(name.to_owned())),
            Some(("role", name)) => Ok(Check::Role(name.to_owned())),
            Some(("field", rest)) => field(rest).ok_or(format!("'{token}' is not a check")),
            Some((left, right)) => {
                Ok(Check::Equal(left.to_owned(), right.trim_matches('\'').to_owned()))
            }
            None => Err(format!("'{token}' is not a check")),
        }
    }
}

/// `networks:router:external=True`; the resource is the target's own and not looked at.
fn field(text: &str) -> Option<Check> {
    let (_, rest) = text.split_once(':')?;
    let (key, wanted) = rest.split_once('=')?;
    let beginning = wanted.strip_prefix("~^");
    Some(Check::Field {
        key: key.to_owned(),
        value: beginning.unwrap_or(wanted).to_owned(),
        prefix: beginning.is_some(),
    })
}

fn single(mut checks: Vec<Check>, many: fn(Vec<Check>) -> Check) -> Check {
    if checks.len() == 1 { checks.remove(0) } else { many(checks) }
}
