//! The resource registry: which type stands for which, hooks, restricted actions.
//!
//! A row names a type or, with a `*` at its end, many; its value is another type, a template, or
//! null to take a row back. Below `resources` rows belong to the resource of that name, hooks and
//! restricted actions to all resources that the pattern matches.

use indexmap::IndexMap;
use kit::http::pyrepr::Str;
use serde_json::{Map, Value};

use crate::template::error::{Error, Result};
use crate::template::python;

const RESOURCES: &str = "resources";
const HOOKS: &str = "hooks";
const RESTRICTED: &str = "restricted_actions";

/// Where a resource can be made to wait for a signal.
pub static HOOK_TYPES: &[&str] =
    &["pre-create", "pre-update", "pre-delete", "post-create", "post-update", "post-delete"];
static ACTION_TYPES: &[&str] = &["update", "replace"];

/// Rows that stand for rows that stand for rows: nobody means more than this.
const MAX_STEPS: usize = 16;

/// What makes the resources of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Implementation {
    /// A type that the house knows.
    Plugin(String),
    /// A template of that name.
    Template(String),
}

/// The rows of an environment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Registry {
    types: IndexMap<String, String>,
    resources: IndexMap<String, Rows>,
}

/// What is said of the resources that match a pattern.
#[derive(Clone, Debug, Default, PartialEq)]
struct Rows {
    types: IndexMap<String, String>,
    hooks: Vec<String>,
    restricted: Vec<String>,
    /// As they were written, for showing them again.
    written: Map<String, Value>,
}

impl Registry {
    /// Reads the section `resource_registry`.
    pub(super) fn read(section: &Map<String, Value>) -> Result<Self> {
        let mut registry = Self::default();
        for (name, value) in section {
            match value {
                Value::Object(resources) if name == RESOURCES => {
                    for (pattern, rows) in resources {
                        registry.resources.insert(pattern.clone(), Rows::read(rows)?);
                    }
                }
                Value::Null => registry.remove(name),
                Value::Object(_) => {}
                Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                    registry.types.insert(name.clone(), python::text(value));
                }
            }
        }
        Ok(registry)
    }

    /// The rows that every cloud has.
    pub fn of_the_cloud() -> Self {
        let types = [
            ("OS::Quantum*", "OS::Neutron*"),
            ("OS::Metering::Alarm", "OS::Aodh::Alarm"),
            ("OS::Ceilometer::*", "OS::Aodh::*"),
        ];
        let types = types.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { types: types.into(), resources: IndexMap::new() }
    }

    /// Lets a type stand for another.
    pub fn put(&mut self, name: &str, stands_for: &str) {
        self.types.insert(name.to_owned(), stands_for.to_owned());
    }

    /// Adds the row of a type that is a template itself: Heat does when it meets one.
    pub fn learn(&mut self, resource_type: &str) {
        if is_template(resource_type) && !self.types.contains_key(resource_type) {
            self.put(resource_type, resource_type);
        }
    }

    fn remove(&mut self, name: &str) {
        match name.strip_suffix('*') {
            Some(prefix) => self.types.retain(|known, _| !known.starts_with(prefix)),
            None => {
                self.types.shift_remove(name);
            }
        }
    }

    /// What makes a resource of that type and name: rows of this registry, then those of `cloud`,
    /// then the plug-ins, for which `knows` answers.
    pub fn find(
        &self,
        resource_type: &str,
        resource_name: &str,
        cloud: &Self,
        knows: &dyn Fn(&str) -> bool,
    ) -> Result<Implementation> {
        let search = Search { registries: [self, cloud], resource_name, knows };
        search.find(resource_type, MAX_STEPS).ok_or_else(|| Error::unknown_type(resource_type))
    }

    /// The rows for a type, the most telling first: of the resource, then in order of name.
    fn rows(&self, resource_type: &str, resource_name: &str) -> Vec<(&str, &str)> {
        let own = self.resources.get(resource_name);
        let own = own.and_then(|rows| rows.types.get_key_value(resource_type));
        let covers = |(name, value): &(&String, &String)| match name.strip_suffix('*') {
            Some(prefix) => *value != resource_type && resource_type.starts_with(prefix),
            None => *name == resource_type,
        };
        let mut rows: Vec<_> = self.types.iter().filter(covers).collect();
        rows.sort_unstable();
        own.into_iter().chain(rows).map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    /// Whether a hook of that type (`pre-create` …) is set on the resource.
    pub fn has_hook(&self, resource_name: &str, hook: &str) -> bool {
        self.matching(resource_name).any(|rows| rows.hooks.iter().any(|known| known == hook))
    }

    /// Which of `update` and `replace` the resource must not suffer.
    pub fn restricted_actions(&self, resource_name: &str) -> Vec<&str> {
        let rows = self.matching(resource_name);
        let mut actions: Vec<_> =
            rows.flat_map(|rows| rows.restricted.iter().map(String::as_str)).collect();
        actions.sort_unstable();
        actions.dedup();
        actions
    }

    fn matching(&self, resource_name: &str) -> impl Iterator<Item = &Rows> {
        let rows = self.resources.iter();
        rows.filter(move |(pattern, _)| glob(pattern, resource_name)).map(|(_, rows)| rows)
    }

    /// See [`super::Environment::child`].
    pub(super) fn child(&self, resource: Option<&str>, template: Option<&str>) -> Self {
        let mut types = self.types.clone();
        types.retain(|name, value| {
            template != Some(value.as_str()) && template != Some(name.as_str())
        });
        // What was said of the resource counts inside it one level up.
        let resources = match resource {
            None => self.resources.clone(),
            Some(name) => {
                let inner = self.matching(name).flat_map(|rows| rows.written.iter());
                let inner = inner.filter(|(_, rows)| rows.is_object());
                inner
                    .filter_map(|(name, rows)| Some((name.clone(), Rows::read(rows).ok()?)))
                    .collect()
            }
        };
        Self { types, resources }
    }

    pub(super) fn to_value(&self) -> Value {
        let resources = self.resources.iter();
        let resources =
            resources.map(|(name, rows)| (name.clone(), Value::Object(rows.written.clone())));
        let types = self.types.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
        let first = (RESOURCES.to_owned(), Value::Object(resources.collect()));
        Value::Object([first].into_iter().chain(types).collect())
    }
}

impl Rows {
    fn read(value: &Value) -> Result<Self> {
        let mut rows = Self::default();
        let Value::Object(members) = value else { return Ok(rows) };
        for (name, value) in members {
            match (name.as_str(), value) {
                (HOOKS, value) => rows.hooks = hooks(value)?,
                (RESTRICTED, value) => rows.restricted = restricted(value)?,
                (_, Value::String(value)) => {
                    rows.types.insert(name.clone(), value.clone());
                }
                _ => {}
            }
        }
        rows.written.clone_from(members);
        Ok(rows)
    }
}

fn hooks(value: &Value) -> Result<Vec<String>> {
    words(value, HOOK_TYPES).ok_or_else(|| {
        let (shown, known) = (Str(value), tuple(HOOK_TYPES));
        Error::new(
            "InvalidBreakPointHook",
            format!(
                "Invalid hook type \"{shown}\" for resource breakpoint, acceptable hook types \
                 are: {known}"
            ),
        )
    })
}

fn restricted(value: &Value) -> Result<Vec<String>> {
    words(value, ACTION_TYPES).ok_or_else(|| {
        let (shown, known) = (Str(value), tuple(ACTION_TYPES));
        Error::new(
            "InvalidRestrictedAction",
            format!(
                "Invalid restricted_action type \"{shown}\" for resource, acceptable \
                 restricted_action types are: {known}"
            ),
        )
    })
}

/// One word or a list of words, all of them known.
fn words(value: &Value, known: &[&str]) -> Option<Vec<String>> {
    let word = |value: &Value| {
        let word = value.as_str().filter(|word| known.contains(word))?;
        Some(word.to_owned())
    };
    match value {
        Value::Array(items) => items.iter().map(word).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            Some(vec![word(value)?])
        }
    }
}

/// A tuple as Python prints it.
fn tuple(words: &[&str]) -> String {
    format!("('{}')", words.join("', '"))
}

struct Search<'a> {
    registries: [&'a Registry; 2],
    resource_name: &'a str,
    knows: &'a dyn Fn(&str) -> bool,
}

impl Search<'_> {
    fn find(&self, resource_type: &str, steps: usize) -> Option<Implementation> {
        let steps = steps.checked_sub(1)?;
        if is_template(resource_type) {
            return Some(Implementation::Template(resource_type.to_owned()));
        }
        let rows = self.registries.iter();
        let mut rows = rows.flat_map(|registry| registry.rows(resource_type, self.resource_name));
        let mapped = rows.find_map(|(name, value)| match name.strip_suffix('*') {
            _ if is_template(value) => Some(Implementation::Template(value.to_owned())),
            None if name == value => None,
            None => self.find(value, steps),
            Some(prefix) => match value.strip_suffix('*') {
                None => self.find(value, steps),
                Some(start) => {
                    let rest = resource_type.strip_prefix(prefix).unwrap_or_default();
                    self.find(&format!("{start}{rest}"), steps)
                }
            },
        });
        mapped.or_else(|| {
            (self.knows)(resource_type).then(|| Implementation::Plugin(resource_type.to_owned()))
        })
    }
}

fn is_template(name: &str) -> bool {
    [".yaml", ".template"].iter().any(|ending| name.ends_with(ending))
}

/// `fnmatch`, as far as anybody writes it: `*` and `?`. On a mismatch the last `*` takes one more
/// character, so a long pattern costs no more than its length times that of the text.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut read) = (0, 0);
    let mut star = None;
    while let Some(char) = text.get(read) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at + 1, read));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || wanted == char => {
                at += 1;
                read += 1;
            }
            _ => match star {
                Some((after, taken)) => {
                    star = Some((after, taken + 1));
                    (at, read) = (after, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|rest| *rest == '*')
}
