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

use std::fmt::{self, Display, Formatter};

use serde_json::{Map, Value};

use super::formats;
use super::patterns::Patterns;
use super::values::{equal, is_type, is_unique, out_of_bounds, size, too_big, too_small};
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
    "exclusiveMaximum",
    "exclusiveMinimum",
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
    "prefixItems",
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
            ("prefixItems", Value::Array(schemas), Value::Array(items)) => {
                self.prefix_items(schemas, items)
            }
            ("items", _, Value::Array(items)) => {
                let prefix = schema.get("prefixItems").and_then(Value::as_array);
                self.items(limit, items, prefix.map_or(0, Vec::len))
            }
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

    fn prefix_items(&self, schemas: &[Value], items: &[Value]) -> Outcome {
        schemas.iter().zip(items).enumerate().try_for_each(|(index, (schema, item))| {
            let place = Segment::Index(index);
            self.check(schema, item).map_err(|invalid| invalid.at(place.clone()).under(place))
        })
    }

    fn items(&self, limit: &Value, items: &[Value], prefix: usize) -> Outcome {
        items.iter().enumerate().skip(prefix).try_for_each(|(index, item)| {
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
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
                out_of_bounds(keyword, instance, limit)
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
