//! Rows with attributes of their own and attributes that clients made up (Keystone's `extra`).
//! Models derive serde with the extra ones flattened; create and update are a merge of maps.

use kit::error::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Attributes as JSON has them.
pub(crate) type Attributes = Map<String, Value>;

/// The object below `key` of a body, empty where there is none.
pub(crate) fn attributes(body: &Value, key: &str) -> Attributes {
    body.get(key).and_then(Value::as_object).cloned().unwrap_or_default()
}

/// `row` with `changes` laid over it.
pub(crate) fn merged<T: Serialize + DeserializeOwned>(row: &T, changes: &Attributes) -> Result<T> {
    let Value::Object(mut all) = serde_json::to_value(row)? else {
        return Err(Error::internal("a row is not an object"));
    };
    all.extend(changes.clone());
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
pub(crate) fn option(options: &Attributes, name: &str) -> bool {
    options.get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// Options as a PATCH leaves them: null takes one away (Keystone: `resource_options`).
pub(crate) fn merged_options(old: &Attributes, new: &Attributes) -> Attributes {
    let mut all = old.clone();
    all.extend(new.clone());
    all.into_iter().filter(|(_, value)| !value.is_null()).collect()
}
