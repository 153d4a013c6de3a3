//! The attributes of a policy: a row each.

use kit::http::pyrepr::Str;
use kit::ids::is_uuid_like;
use serde_json::Value;

use super::model::{EVERYBODY, ObjectType};
use crate::attributes::Attribute;
use crate::checks::{Bad, text, uuid};
use crate::{errors, policy};

/// What requests may set and lists filter by.
pub(super) static ATTRIBUTES: &[Attribute] = &[
    Attribute::required("object_type", object_type).unsorted(),
    Attribute::required("object_id", uuid).unsorted(),
    Attribute::needed("target_tenant", target)
        .unsorted()
        .rules(Some(&policy::CREATE_RBAC_POLICY_TARGET), Some(&policy::UPDATE_RBAC_POLICY_TARGET)),
    Attribute::required("action", text).unsorted(),
];

fn object_type(value: &Value) -> Result<Value, Bad> {
    let word = Str(value).to_string().trim().to_lowercase();
    let unknown = || format!("'{}' is not a valid RBAC object type", Str(value));
    let known = ObjectType::parse(&word).ok_or_else(|| errors::invalid_input(unknown()))?;
    Ok(Value::from(known.as_str()))
}

fn target(value: &Value) -> Result<Value, Bad> {
    if value.as_str().is_some_and(|text| text == EVERYBODY || is_uuid_like(text)) {
        return Ok(value.clone());
    }
    let sentence =
        format!("'{}' is not a valid target project ID; expected a UUID or '*'", Str(value));
    Err(errors::invalid_input(sentence).into())
}
