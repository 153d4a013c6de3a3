//! JSON Schema as the services upstream evaluate it: keyword by keyword in the order they are
//! written, stopping at the first failure, saying it in python-jsonschema's words.
//!
//! That order is the reason this file exists. Which of several mistakes a client is told about is
//! part of the API, and the `jsonschema` crate evaluates keywords by cost and properties in the
//! order of the instance. It serves as the oracle in the tests: both must always agree on
//! *whether* a value is valid.
//!
//! Only [`super::Contract`] calls this. It covers the keywords that the documents use
//! ([`KEYWORDS`]); a document with another one is refused at start.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::fmt::{self, Display, Formatter};

use fancy_regex::Regex;
use serde_json::{Map, Number, Value};

use super::formats;
use crate::http::pyrepr::{Quoted, Repr};

/// The keywords that are evaluated, and those that only explain.
pub(super) const KEYWORDS: &[&str] = &[
    "$schema",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "default",
    "description",
    "enum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "not",
    "oneOf",
    "pattern",
    "patternProperties",
    "properties",
    "readOnly",
    "required",
    "title",
    "type",
    "uniqueItems",
];

/// Where in a value or a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// The member of this name.
    Key(String),
    /// The item at this place.
    Index(usize),
}

impl Display for Segment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => f.write_str(key),
            Self::Index(index) => index.fmt(f),
        }
    }
}

/// The first failure of a value against its schema.
#[derive(Clone, Debug)]
pub struct Invalid {
    /// Where the failing value stands, from the outside in.
    pub path: Vec<Segment>,
    /// The failing value.
    pub value: Value,
    /// What is wrong, in python-jsonschema's words.
    pub reason: String,
    /// Whether `reason` is the whole answer, told without path and value.
    pub whole: bool,
    /// The keyword that failed.
    pub keyword: String,
    /// The schema that the keyword stands in.
    pub schema: Value,
    /// Where that schema stands, from the outside in.
    pub schema_path: Vec<Segment>,
}

/// What a check ends with.
pub(super) type Outcome = Result<(), Box<Invalid>>;

/// Every regular expression of the documents, compiled at start.
#[derive(Debug, Default)]
pub(super) struct Patterns(BTreeMap<String, Regex>);

impl Patterns {
    /// Compiles `pattern`; the error is the compiler's text.
    pub(super) fn add(&mut self, pattern: &str) -> Result<(), String> {
        if !self.0.contains_key(pattern) {
            let regex = Regex::new(&in_our_dialect(pattern)).map_err(|error| error.to_string())?;
            self.0.insert(pattern.to_owned(), regex);
        }
        Ok(())
    }

    fn matches(&self, pattern: &str, text: &str) -> bool {
        self.0.get(pattern).is_some_and(|regex| regex.is_match(text).unwrap_or(false))
    }
}

/// Python's `$` also matches before a line end that is the last character.
fn in_our_dialect(pattern: &str) -> String {
    match pattern.strip_suffix('$') {
        Some(rest) if !rest.ends_with('\\') => format!("{rest}\\n?\\z"),
        Some(_) | None => pattern.to_owned(),
    }
}

/// Checks `instance` against `schema`.
pub(super) fn check(patterns: &Patterns, schema: &Value, instance: &Value) -> Outcome {
    let mut outcome = Evaluator { patterns }.check(schema, instance);
    if let Err(invalid) = &mut outcome {
        invalid.path.reverse();
        invalid.schema_path.reverse();
    }
    outcome
}

/// Evaluates schemas. Paths of failures are gathered from the inside out.
struct Evaluator<'a> {
    patterns: &'a Patterns,
}

impl Evaluator<'_> {
    fn check(&self, schema: &Value, instance: &Value) -> Outcome {
        match schema {
            Value::Object(keywords) => keywords.iter().try_for_each(|(keyword, limit)| {
                self.keyword(keyword, limit, instance, keywords)
                    .map_err(|invalid| invalid.under(key(keyword)))
            }),
            Value::Bool(false) => {
                let reason = format!("False schema does not allow {}", Repr(instance));
                Err(Invalid::new("false", schema.clone(), instance, reason))
            }
            Value::Null
            | Value::Bool(true)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => Ok(()),
        }
    }

    /// Some keywords hand parts of the value on to other schemas, all others look at it themselves.
    fn keyword(
        &self,
        keyword: &str,
        limit: &Value,
        instance: &Value,
        schema: &Map<String, Value>,
    ) -> Outcome {
        match (keyword, limit, instance) {
            ("properties", Value::Object(properties), Value::Object(members)) => {
                self.properties(properties, members)
            }
            ("patternProperties", Value::Object(properties), Value::Object(members)) => {
                self.pattern_properties(properties, members)
            }
            ("additionalProperties", Value::Object(_), Value::Object(members)) => {
                self.additional_properties(limit, members, schema)
            }
            ("items", _, Value::Array(items)) => self.items(limit, items),
            ("allOf", Value::Array(schemas), _) => self.all_of(schemas, instance),
            _ => match self.complaint(keyword, limit, instance, schema) {
                Some(reason) => {
                    Err(Invalid::new(keyword, Value::Object(schema.clone()), instance, reason))
                }
                None => Ok(()),
            },
        }
    }

    fn properties(&self, properties: &Map<String, Value>, members: &Map<String, Value>) -> Outcome {
        properties.iter().try_for_each(|(name, schema)| match members.get(name) {
            Some(member) => {
                self.check(schema, member).map_err(|invalid| invalid.at(key(name)).under(key(name)))
            }
            None => Ok(()),
        })
    }

    fn pattern_properties(
        &self,
        properties: &Map<String, Value>,
        members: &Map<String, Value>,
    ) -> Outcome {
        properties.iter().try_for_each(|(pattern, schema)| {
            let mut matching =
                members.iter().filter(|(name, _)| self.patterns.matches(pattern, name));
            matching.try_for_each(|(name, member)| {
                self.check(schema, member)
                    .map_err(|invalid| invalid.at(key(name)).under(key(pattern)))
            })
        })
    }

    fn additional_properties(
        &self,
        limit: &Value,
        members: &Map<String, Value>,
        schema: &Map<String, Value>,
    ) -> Outcome {
        self.additional(members, schema).try_for_each(|(name, member)| {
            self.check(limit, member).map_err(|invalid| invalid.at(key(name)))
        })
    }

    fn items(&self, limit: &Value, items: &[Value]) -> Outcome {
        items.iter().enumerate().try_for_each(|(index, item)| {
            self.check(limit, item).map_err(|invalid| invalid.at(Segment::Index(index)))
        })
    }

    fn all_of(&self, schemas: &[Value], instance: &Value) -> Outcome {
        schemas.iter().enumerate().try_for_each(|(index, schema)| {
            self.check(schema, instance).map_err(|invalid| invalid.under(Segment::Index(index)))
        })
    }

    /// Members that neither `properties` nor `patternProperties` speak of.
    fn additional<'v>(
        &self,
        members: &'v Map<String, Value>,
        schema: &Map<String, Value>,
    ) -> impl Iterator<Item = (&'v String, &'v Value)> {
        let properties = schema.get("properties").and_then(Value::as_object);
        let patterns = schema.get("patternProperties").and_then(Value::as_object);
        members.iter().filter(move |(name, _)| {
            !properties.is_some_and(|properties| properties.contains_key(*name))
                && !patterns.is_some_and(|patterns| {
                    patterns.keys().any(|pattern| self.patterns.matches(pattern, name))
                })
        })
    }

    /// What `keyword` says against the value itself, if anything.
    fn complaint(
        &self,
        keyword: &str,
        limit: &Value,
        instance: &Value,
        schema: &Map<String, Value>,
    ) -> Option<String> {
        let value = Repr(instance);
        match keyword {
            "type" => {
                let types = limit.as_array().map_or(std::slice::from_ref(limit), Vec::as_slice);
                (!types.iter().any(|name| is_type(instance, name)))
                    .then(|| format!("{value} is not of type {}", listed(types.iter().map(Repr))))
            }
            "enum" => {
                let options = limit.as_array()?;
                (!options.iter().any(|option| equal(option, instance)))
                    .then(|| format!("{value} is not one of {}", Repr(limit)))
            }
            "const" => (!equal(limit, instance)).then(|| format!("{} was expected", Repr(limit))),
            "minLength" | "minItems" | "minProperties" => {
                too_small(keyword, size(keyword, instance)?, limit)
                    .map(|say| format!("{value} {say}"))
            }
            "maxLength" | "maxItems" | "maxProperties" => {
                too_big(keyword, size(keyword, instance)?, limit)
                    .map(|say| format!("{value} {say}"))
            }
            "minimum" => {
                let number = number(instance)?;
                (compare(&number, limit) == Some(Ordering::Less)).then(|| {
                    format!("{} is less than the minimum of {}", Repr(&number), Repr(limit))
                })
            }
            "maximum" => {
                let number = number(instance)?;
                (compare(&number, limit) == Some(Ordering::Greater)).then(|| {
                    format!("{} is greater than the maximum of {}", Repr(&number), Repr(limit))
                })
            }
            "pattern" => {
                let (pattern, text) = (limit.as_str()?, instance.as_str()?);
                (!self.patterns.matches(pattern, text))
                    .then(|| format!("{value} does not match {}", Quoted(pattern)))
            }
            "format" => formats::complaint(limit.as_str()?, instance.as_str()?),
            "uniqueItems" => (limit == &Value::Bool(true) && !is_unique(instance.as_array()?))
                .then(|| format!("{value} has non-unique elements")),
            "required" => {
                let members = instance.as_object()?;
                let mut names = limit.as_array()?.iter().filter_map(Value::as_str);
                names
                    .find(|name| !members.contains_key(*name))
                    .map(|name| format!("{} is a required property", Quoted(name)))
            }
            "additionalProperties" if limit == &Value::Bool(false) => {
                self.unexpected(instance.as_object()?, schema)
            }
            "anyOf" | "oneOf" => self.alternatives(keyword, limit.as_array()?, instance),
            "not" => self
                .is_valid(limit, instance)
                .then(|| format!("{value} should not be valid under {}", Repr(limit))),
            _ => None,
        }
    }

    fn unexpected(
        &self,
        members: &Map<String, Value>,
        schema: &Map<String, Value>,
    ) -> Option<String> {
        let mut extra: Vec<_> = self.additional(members, schema).map(|(name, _)| name).collect();
        extra.sort();
        let one = extra.len() == 1;
        let names = listed(extra.iter().map(|name| Quoted(name)));
        if extra.is_empty() {
            return None;
        }
        let Some(patterns) = schema.get("patternProperties").and_then(Value::as_object) else {
            let verb = if one { "was" } else { "were" };
            return Some(format!(
                "Additional properties are not allowed ({names} {verb} unexpected)"
            ));
        };
        let verb = if one { "does" } else { "do" };
        let mut patterns: Vec<_> = patterns.keys().collect();
        patterns.sort();
        let patterns = listed(patterns.iter().map(|pattern| Quoted(pattern)));
        Some(format!("{names} {verb} not match any of the regexes: {patterns}"))
    }

    fn alternatives(&self, keyword: &str, schemas: &[Value], instance: &Value) -> Option<String> {
        let mut valid = schemas.iter().filter(|schema| self.is_valid(schema, instance));
        let Some(first) = valid.next() else {
            return Some(format!("{} is not valid under any of the given schemas", Repr(instance)));
        };
        let others: Vec<_> = if keyword == "oneOf" { valid.collect() } else { Vec::new() };
        (!others.is_empty()).then(|| {
            let all = listed(others.into_iter().chain([first]).map(Repr));
            format!("{} is valid under each of {all}", Repr(instance))
        })
    }

    fn is_valid(&self, schema: &Value, instance: &Value) -> bool {
        self.check(schema, instance).is_ok()
    }
}

impl Invalid {
    fn new(keyword: &str, schema: Value, value: &Value, reason: String) -> Box<Self> {
        let format = schema.get(keyword).and_then(Value::as_str);
        Box::new(Self {
            path: Vec::new(),
            value: value.clone(),
            reason,
            whole: keyword == "format" && format.is_some_and(formats::has_own_sentence),
            keyword: keyword.to_owned(),
            schema,
            schema_path: Vec::new(),
        })
    }

    /// The failing value stands at `segment` of the value outside.
    fn at(mut self: Box<Self>, segment: Segment) -> Box<Self> {
        self.path.push(segment);
        self
    }

    /// The failing schema stands under `segment` of the schema outside.
    fn under(mut self: Box<Self>, segment: Segment) -> Box<Self> {
        self.schema_path.push(segment);
        self
    }
}

fn key(name: &str) -> Segment {
    Segment::Key(name.to_owned())
}

fn listed(items: impl Iterator<Item = impl Display>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

fn is_type(instance: &Value, name: &Value) -> bool {
    match name.as_str() {
        Some("null") => instance.is_null(),
        Some("boolean") => instance.is_boolean(),
        Some("string") => instance.is_string(),
        Some("array") => instance.is_array(),
        Some("object") => instance.is_object(),
        Some("number") => instance.is_number(),
        Some("integer") => {
            instance.is_i64()
                || instance.is_u64()
                || instance.as_f64().is_some_and(|float| float.fract() == 0.0)
        }
        Some(_) | None => false,
    }
}

/// Equality of JSON values: `1` is `1.0`, but neither is `true`.
fn equal(one: &Value, other: &Value) -> bool {
    canonical(one) == canonical(other)
}

fn is_unique(items: &[Value]) -> bool {
    let mut seen = HashSet::new();
    items.iter().all(|item| seen.insert(canonical(item)))
}

/// A text that equal values share: sorted members, whole numbers without a fraction.
fn canonical(value: &Value) -> String {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 => format!("{float}"),
            _ => number.to_string(),
        },
        Value::Array(items) => format!("[{}]", listed(items.iter().map(canonical))),
        Value::Object(members) => {
            let sorted: BTreeMap<_, _> = members.iter().collect();
            let pairs =
                sorted.iter().map(|(name, member)| format!("{name:?}:{}", canonical(member)));
            format!("{{{}}}", listed(pairs))
        }
        Value::Null | Value::Bool(_) | Value::String(_) => value.to_string(),
    }
}

/// What the keyword counts, if the value has any of it.
fn size(keyword: &str, instance: &Value) -> Option<usize> {
    match instance {
        Value::String(text) if keyword.ends_with("Length") => Some(text.chars().count()),
        Value::Array(items) if keyword.ends_with("Items") => Some(items.len()),
        Value::Object(members) if keyword.ends_with("Properties") => Some(members.len()),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => None,
    }
}

fn too_small(keyword: &str, size: usize, limit: &Value) -> Option<&'static str> {
    let limit = limit.as_u64().filter(|limit| (size as u64) < *limit)?;
    Some(match limit {
        1 => "should be non-empty",
        _ if keyword == "minProperties" => "does not have enough properties",
        _ => "is too short",
    })
}

fn too_big(keyword: &str, size: usize, limit: &Value) -> Option<&'static str> {
    let limit = limit.as_u64().filter(|limit| size as u64 > *limit)?;
    Some(match limit {
        0 => "is expected to be empty",
        _ if keyword == "maxProperties" => "has too many properties",
        _ => "is too long",
    })
}

/// The number that bounds are compared with. Nova and Keystone read texts as numbers here and
/// make whole ones of fractions, as Python's `int` does.
fn number(instance: &Value) -> Option<Value> {
    let number = match instance {
        Value::Bool(truth) => Number::from(u8::from(*truth)),
        Value::String(text) => {
            let text = text.trim();
            text.parse::<i64>().map(Number::from).ok().or_else(|| float(text.parse().ok()?))?
        }
        Value::Number(number) => match number.as_f64() {
            Some(float_number) if number.is_f64() => float(float_number.trunc())?,
            _ => number.clone(),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(Value::Number(number))
}

fn float(number: f64) -> Option<Number> {
    Number::from_f64(number)
}

fn compare(one: &Value, other: &Value) -> Option<Ordering> {
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}
