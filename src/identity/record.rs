//! Rows with attributes of their own and attributes that clients made up (Keystone's `extra`).
//! Models derive serde with the extra ones flattened; create and update are a merge of maps.

use std::fmt::Display;

use kit::error::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::access::is_true;

/// Attributes as JSON has them.
pub(crate) type Attributes = Map<String, Value>;

/// The object below `key` of a body, empty where there is none.
pub(crate) fn attributes(body: &Value, key: &str) -> Attributes {
    body.get(key).and_then(Value::as_object).cloned().unwrap_or_default()
}

/// A truth of a body, which may be spelled as a text, made one.
pub(crate) fn with_truth(mut attributes: Attributes, names: &[&str]) -> Attributes {
    for name in names {
        if let Some(Value::String(text)) = attributes.get(*name) {
            let truth = is_true(text);
            attributes.insert((*name).to_owned(), Value::Bool(truth));
        }
    }
    attributes
}

/// An id that a body repeats must be the row's own.
pub(crate) fn check_same(
    changes: &Attributes,
    name: &str,
    own: Option<&str>,
    sentence: &str,
) -> Result<()> {
    let given = changes.get(name);
    if given.is_none_or(|given| given.as_str() == own) {
        return Ok(());
    }
    Err(Error::bad_request(sentence))
}

/// The name without blanks around it.
pub(crate) fn with_trimmed_name(mut attributes: Attributes) -> Attributes {
    if let Some(name) = attributes.get("name").and_then(Value::as_str).map(str::trim) {
        let name = Value::from(name);
        attributes.insert("name".to_owned(), name);
    }
    attributes
}

/// Refuses to change what is immutable, but for making it mutable again, alone
/// (Keystone: `resource_options/options/immutable.py`).
pub(crate) fn check_mutable(
    kind: &str,
    id: impl Display,
    options: &Attributes,
    changes: &Attributes,
) -> Result<()> {
    let lifted = changes.len() == 1
        && matches!(
            changes.get("options").and_then(|options| options.get("immutable")),
            Some(Value::Bool(false) | Value::Null)
        );
    if !option(options, "immutable") || lifted {
        return Ok(());
    }
    Err(immutable("update", kind, id))
}

/// Refuses to delete what is immutable.
pub(crate) fn check_deletable(kind: &str, id: impl Display, options: &Attributes) -> Result<()> {
    if option(options, "immutable") { Err(immutable("delete", kind, id)) } else { Ok(()) }
}

/// Keystone: the backquote is never closed.
fn immutable(verb: &str, kind: &str, id: impl Display) -> Error {
    Error::forbidden(format!(
        "Unable to {verb} immutable {kind} resource: `{id}. Set resource option \"immutable\" to false first."
    ))
}

/// `row` with `changes` laid over it.
pub(crate) fn merged<T: Serialize + DeserializeOwned>(row: &T, changes: &Attributes) -> Result<T> {
    let Value::Object(mut all) = serde_json::to_value(row)? else {
        return Err(Error::internal("a row is not an object"));
    };
    for (name, value) in changes {
        let value = match (all.get("options"), name.as_str(), value) {
            (Some(Value::Object(old)), "options", Value::Object(new)) => {
                Value::Object(merged_options(old, new))
            }
            _ => value.clone(),
        };
        all.insert(name.clone(), value);
    }
    // The contract has held the body to its types before; what is left is a type of `extra`.
    serde_json::from_value(Value::Object(all))
        .map_err(|error| Error::bad_request(format!("Invalid input: {error}")))
}

/// An answer's fields behind the extra ones, where Keystone puts them.
pub(crate) fn behind_extra(extra: &Attributes, fields: Value) -> Value {
    let mut all = extra.clone();
    if let Value::Object(fields) = fields {
        all.extend(fields);
    }
    Value::Object(all)
}

/// Whether a resource option is set to true (`{"immutable": true}`).
fn option(options: &Attributes, name: &str) -> bool {
    options.get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// Options as a PATCH leaves them: null takes one away (Keystone: `resource_options`).
fn merged_options(old: &Attributes, new: &Attributes) -> Attributes {
    let mut all = old.clone();
    all.extend(new.clone());
    all.into_iter().filter(|(_, value)| !value.is_null()).collect()
}
