//! The contract: the documents of `api-ref/`, loaded, sliced at a version and held against
//! requests and responses.
//!
//! Start-up loads it (a bad document stops the program), the pipeline checks every body and query
//! with it, tests check every response. It says *what* is wrong; [`super::wording`] makes the
//! sentence of a dialect of it. It knows no resource and never changes what it checks.
//!
//! ```text
//! documents ─► references resolved ─► OperationDoc ─► slice at a version ─► schema::check
//! ```

mod formats;
mod patterns;
mod schema;
mod slice;
mod values;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

pub use schema::{Invalid, Segment};
pub use slice::{Range, Version};

use crate::error::{Error, Result};
use patterns::Patterns;
use slice::{Mark, Sliced};

/// Statuses that the pipeline may answer to any operation; documents need not list them.
const ALWAYS_POSSIBLE: &[u16] = &[400, 401, 403, 404, 405, 406, 413, 415, 500, 503];

/// References may lead to references, this deep.
const MAX_REFERENCES: usize = 16;

/// All operations that the documents describe.
#[derive(Debug)]
pub struct Contract {
    /// By service and name: `images:index` is an operation of two services.
    services: BTreeMap<String, BTreeMap<String, OperationDoc>>,
    patterns: Patterns,
}

/// One operation as its document describes it.
#[derive(Debug)]
pub struct OperationDoc {
    /// `compute`.
    pub service: String,
    /// `flavors`, which is also the file's name.
    pub resource: String,
    /// `flavors:create`, as in the service's table of operations.
    pub name: String,
    /// `POST`.
    pub method: String,
    /// Below the service's version prefix, with parameters in braces.
    pub path: String,
    /// The key of the body that tells actions of one URL apart.
    pub action: Option<String>,
    /// The versions that have the operation.
    pub versions: Range,
    /// Statuses of refusals.
    pub errors: Vec<u16>,
    query: Option<Sliced>,
    request: Option<Sliced>,
    success: BTreeMap<u16, Sliced>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    resource: String,
    service: String,
    #[serde(default, rename = "description")]
    _description: String,
    #[serde(default, rename = "definitions")]
    _definitions: Map<String, Value>,
    operations: BTreeMap<String, Operation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Operation {
    #[serde(default, rename = "description")]
    _description: String,
    method: String,
    path: String,
    action: Option<String>,
    versions: Option<Mark>,
    query: Option<Value>,
    request: Option<Value>,
    success: BTreeMap<u16, Value>,
    #[serde(default)]
    errors: Vec<u16>,
}

impl Contract {
    /// Loads documents, each with its path below `api-ref/`; the error names the bad one.
    ///
    /// A document without `operations` only holds schemas that others refer to.
    pub fn load(documents: &[(&'static str, &'static str)]) -> Result<Self> {
        let mut library = BTreeMap::new();
        for (path, text) in documents {
            let document: Value =
                serde_saphyr::from_str(text).map_err(|error| bad(path, &error))?;
            library.insert(*path, document);
        }
        let mut contract = Self { services: BTreeMap::new(), patterns: Patterns::default() };
        for (path, document) in &library {
            if document.get("operations").is_some() {
                contract.add(path, document, &library).map_err(|error| bad(path, &error))?;
            }
        }
        Ok(contract)
    }

    fn add(&mut self, path: &str, document: &Value, library: &Library) -> Result<(), String> {
        let resolved = resolve(document, path, library, 0)?;
        let document: Document =
            serde_json::from_value(resolved).map_err(|error| error.to_string())?;
        for (name, operation) in document.operations {
            let schemas = operation.query.iter().chain(&operation.request);
            for schema in schemas.chain(operation.success.values()) {
                inspect(schema, &mut self.patterns).map_err(|error| format!("{name}: {error}"))?;
            }
            let row = OperationDoc::new(&document.service, &document.resource, &name, operation)
                .map_err(|error| format!("{name}: {error}"))?;
            let service = self.services.entry(document.service.clone()).or_default();
            if service.insert(name.clone(), row).is_some() {
                return Err(format!("{name} is described twice"));
            }
        }
        Ok(())
    }

    /// Every operation, by service and name.
    pub fn operations(&self) -> impl Iterator<Item = &OperationDoc> {
        self.services.values().flat_map(BTreeMap::values)
    }

    fn operation(&self, service: &str, name: &str) -> Option<&OperationDoc> {
        self.services.get(service)?.get(name)
    }

    /// Checks a request's body; `Null` stands for none.
    pub fn check_body(
        &self,
        service: &str,
        operation: &str,
        version: Option<Version>,
        body: &Value,
    ) -> Result<(), Box<Invalid>> {
        let request = self.operation(service, operation).and_then(|row| row.request.as_ref());
        self.check(request, version, body)
    }

    /// Checks a request's query, decoded, in the order it came.
    pub fn check_query(
        &self,
        service: &str,
        operation: &str,
        version: Option<Version>,
        query: &[(String, String)],
    ) -> Result<(), Box<Invalid>> {
        let mut values = Map::new();
        for (name, value) in query {
            let of_name = values.entry(name.as_str()).or_insert_with(|| json!([]));
            of_name.as_array_mut().into_iter().for_each(|all| all.push(value.as_str().into()));
        }
        let schema = self.operation(service, operation).and_then(|row| row.query.as_ref());
        self.check(schema, version, &Value::Object(values))
    }

    fn check(
        &self,
        schema: Option<&Sliced>,
        version: Option<Version>,
        value: &Value,
    ) -> Result<(), Box<Invalid>> {
        match schema.and_then(|schema| schema.at(version)) {
            Some(schema) => schema::check(&self.patterns, schema, value),
            None => Ok(()),
        }
    }

    /// Checks a response, for tests; the error is for people.
    pub fn check_response(
        &self,
        service: &str,
        operation: &str,
        version: Option<Version>,
        status: u16,
        body: &Value,
    ) -> Result<(), String> {
        let row = self
            .operation(service, operation)
            .ok_or_else(|| format!("{operation} is not described"))?;
        if ALWAYS_POSSIBLE.contains(&status) || row.errors.contains(&status) {
            return Ok(());
        }
        let schema = row
            .success
            .get(&status)
            .and_then(|schema| schema.at(version))
            .ok_or_else(|| format!("{operation} does not answer {status} at {version:?}"))?;
        schema::check(&self.patterns, schema, body).map_err(|invalid| {
            let path: Vec<_> = invalid.path.iter().map(ToString::to_string).collect();
            format!("{operation} {status} at {version:?}: {}: {}", path.join("/"), invalid.reason)
        })
    }
}

impl OperationDoc {
    fn new(
        service: &str,
        resource: &str,
        name: &str,
        operation: Operation,
    ) -> Result<Self, String> {
        let success = operation.success.into_iter().map(|(status, schema)| {
            let schema = if schema.is_null() { json!({"type": "null"}) } else { schema };
            Ok((status, Sliced::new(schema)?))
        });
        Ok(Self {
            service: service.to_owned(),
            resource: resource.to_owned(),
            name: name.to_owned(),
            method: operation.method,
            path: operation.path,
            action: operation.action,
            versions: operation.versions.unwrap_or_default().range()?,
            errors: operation.errors,
            query: operation.query.map(query_schema).transpose()?.map(Sliced::new).transpose()?,
            request: operation.request.map(Sliced::new).transpose()?,
            success: success.collect::<Result<_, String>>()?,
        })
    }
}

type Library = BTreeMap<&'static str, Value>;

fn bad(path: &str, error: &impl ToString) -> Error {
    Error::internal(format!("api-ref/{path}: {}", error.to_string()))
}

/// Puts what `$ref`s point at in their place. Other members beside a `$ref` are kept.
fn resolve(node: &Value, file: &str, library: &Library, depth: usize) -> Result<Value, String> {
    match node {
        Value::Object(members) => {
            let mut resolved = Map::new();
            for (name, member) in members {
                if let ("$ref", Some(reference)) = (name.as_str(), member.as_str()) {
                    resolved.extend(target(reference, file, library, depth)?);
                } else {
                    resolved.insert(name.clone(), resolve(member, file, library, depth)?);
                }
            }
            Ok(Value::Object(resolved))
        }
        Value::Array(items) => {
            items.iter().map(|item| resolve(item, file, library, depth)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(node.clone()),
    }
}

/// What `file#/path/of/names` points at; without a file it is in the same one.
fn target(
    reference: &str,
    file: &str,
    library: &Library,
    depth: usize,
) -> Result<Map<String, Value>, String> {
    let missing = || format!("the reference '{reference}' leads nowhere");
    let (path, pointer) = reference.split_once('#').ok_or_else(missing)?;
    let path = if path.is_empty() { file } else { path };
    let node = library.get(path).and_then(|document| document.pointer(pointer));
    if depth > MAX_REFERENCES {
        return Err(format!("the reference '{reference}' leads to itself"));
    }
    let resolved = resolve(node.ok_or_else(missing)?, path, library, depth + 1)?;
    resolved.as_object().cloned().ok_or_else(missing)
}

/// A schema of its own, for values that are no body: the documents that Glance serves, and the
/// values inside its patches.
#[derive(Debug)]
pub struct Schema {
    schema: Value,
    patterns: Patterns,
}

impl Schema {
    /// Reads a schema; the error names the keyword that is not evaluated.
    pub fn new(schema: Value) -> Result<Self> {
        let mut patterns = Patterns::default();
        inspect(&schema, &mut patterns).map_err(Error::internal)?;
        Ok(Self { schema, patterns })
    }

    /// Checks a value.
    pub fn check(&self, value: &Value) -> Result<(), Box<Invalid>> {
        schema::check(&self.patterns, &self.schema, value)
    }
}

/// Refuses keywords that are not evaluated, and compiles the patterns.
fn inspect(schema: &Value, patterns: &mut Patterns) -> Result<(), String> {
    let Some(members) = schema.as_object() else {
        return Ok(());
    };
    for (keyword, value) in members {
        match (keyword.as_str(), value) {
            ("x-openstack" | "value", _) => {}
            ("properties" | "patternProperties", Value::Object(properties)) => {
                for (name, schema) in properties {
                    if keyword == "patternProperties" {
                        patterns.add(name)?;
                    }
                    inspect(schema, patterns)?;
                }
            }
            ("allOf" | "anyOf" | "oneOf" | "prefixItems" | "x-variants", Value::Array(schemas)) => {
                schemas.iter().try_for_each(|schema| inspect(schema, patterns))?;
            }
            ("items" | "not" | "additionalProperties", schema) => inspect(schema, patterns)?,
            ("pattern", Value::String(pattern)) => patterns.add(pattern)?,
            (keyword, _) if schema::KEYWORDS.contains(&keyword) => {}
            (keyword, _) => return Err(format!("the keyword '{keyword}' is not evaluated")),
        }
    }
    Ok(())
}

/// A query's document describes one value of each parameter; requests hold lists of them, of one
/// item unless the parameter may be repeated.
fn query_schema(mut schema: Value) -> Result<Value, String> {
    let all_repeat = Mark::of(&schema)?.repeat.unwrap_or(false);
    for keyword in ["properties", "patternProperties"] {
        let Some(properties) = schema.get_mut(keyword).and_then(Value::as_object_mut) else {
            continue;
        };
        for property in properties.values_mut() {
            make_list(property, all_repeat)?;
        }
    }
    Ok(schema)
}

/// Turns the schema of a value into that of a list of such values, each of its variants apart.
fn make_list(schema: &mut Value, repeat: bool) -> Result<(), String> {
    let repeat = Mark::of(schema)?.repeat.unwrap_or(repeat);
    if let Some(variants) = schema.get_mut("x-variants").and_then(Value::as_array_mut) {
        return variants.iter_mut().try_for_each(|variant| make_list(variant, repeat));
    }
    let mut list = Map::new();
    slice::hand_over_mark(schema, &mut list);
    list.insert("type".to_owned(), "array".into());
    list.insert("items".to_owned(), schema.take());
    if !repeat {
        list.insert("maxItems".to_owned(), 1.into());
    }
    *schema = Value::Object(list);
    Ok(())
}
