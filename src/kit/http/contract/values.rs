//! What the keywords of a schema ask of a single value: its type, its size, its bounds, equality.
//!
//! Only [`super::schema`] calls this. Answers follow Python, where the services upstream do their
//! comparing.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};

use serde_json::{Number, Value};

use crate::http::pyrepr::Repr;

/// Whether `instance` is of the JSON type `name`.
pub(super) fn is_type(instance: &Value, name: &Value) -> bool {
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
pub(super) fn equal(one: &Value, other: &Value) -> bool {
    canonical(one) == canonical(other)
}

/// Whether no two items are equal.
pub(super) fn is_unique(items: &[Value]) -> bool {
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
        Value::Array(items) => {
            format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        Value::Object(members) => {
            let sorted: BTreeMap<_, _> = members.iter().collect();
            let pairs =
                sorted.iter().map(|(name, member)| format!("{name:?}:{}", canonical(member)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
        }
        Value::Null | Value::Bool(_) | Value::String(_) => value.to_string(),
    }
}

/// What the keyword counts, if the value has any of it.
pub(super) fn size(keyword: &str, instance: &Value) -> Option<usize> {
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

/// What is wrong with a size below `limit`, if it is.
pub(super) fn too_small(keyword: &str, size: usize, limit: &Value) -> Option<&'static str> {
    let limit = limit.as_u64().filter(|limit| (size as u64) < *limit)?;
    Some(match limit {
        1 => "should be non-empty",
        _ if keyword == "minProperties" => "does not have enough properties",
        _ => "is too short",
    })
}

/// What is wrong with a size above `limit`, if it is.
pub(super) fn too_big(keyword: &str, size: usize, limit: &Value) -> Option<&'static str> {
    let limit = limit.as_u64().filter(|limit| size as u64 > *limit)?;
    Some(match limit {
        0 => "is expected to be empty",
        _ if keyword == "maxProperties" => "has too many properties",
        _ => "is too long",
    })
}

/// The complaint about a number beyond `limit`, if it is.
pub(super) fn out_of_bounds(keyword: &str, instance: &Value, limit: &Value) -> Option<String> {
    let exclusive = keyword.starts_with("exclusive");
    let number = if exclusive { instance.clone() } else { number(instance)? };
    let order = compare(&number, limit)?;
    let words = match keyword {
        "minimum" if order.is_lt() => "less than the minimum of",
        "maximum" if order.is_gt() => "greater than the maximum of",
        "exclusiveMinimum" if order.is_le() => "less than or equal to the minimum of",
        "exclusiveMaximum" if order.is_ge() => "greater than or equal to the maximum of",
        _ => return None,
    };
    Some(format!("{} is {words} {}", Repr(&number), Repr(limit)))
}

/// The number that inclusive bounds are compared with. Nova and Keystone read texts as numbers here and
/// make whole ones of fractions, as Python's `int` does.
fn number(instance: &Value) -> Option<Value> {
    let number = match instance {
        Value::Bool(truth) => Number::from(u8::from(*truth)),
        Value::String(text) => {
            let text = text.trim();
            text.parse::<i64>()
                .map_or_else(|_| Number::from_f64(text.parse().ok()?), |whole| Some(whole.into()))?
        }
        Value::Number(number) => match number.as_f64() {
            Some(fraction) if number.is_f64() => whole(fraction.trunc())?,
            _ => number.clone(),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(Value::Number(number))
}

/// A whole number without a decimal point, where its size allows.
fn whole(number: f64) -> Option<Number> {
    format!("{number}").parse::<i64>().map_or_else(|_| Number::from_f64(number), |n| Some(n.into()))
}

fn compare(one: &Value, other: &Value) -> Option<Ordering> {
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whole_numbers_are_equal_with_and_without_a_fraction() {
        assert!(equal(&json!({"a": [1], "b": 2.5}), &json!({"b": 2.5, "a": [1.0]})));
        assert!(!equal(&json!(1), &json!(true)));
        assert!(!equal(&json!(1), &json!("1")));
        assert!(!is_unique(&[json!(1), json!("1"), json!(1.0)]));
        assert!(is_unique(&[json!(1), json!("1"), json!(true)]));
    }

    #[test]
    fn inclusive_bounds_read_texts_and_cut_fractions() {
        let complaint = |value: Value| out_of_bounds("minimum", &value, &json!(1));
        assert_eq!(complaint(json!(" 1 ")), None);
        assert_eq!(complaint(json!("1.5")), None);
        assert_eq!(complaint(json!("x")), None);
        assert_eq!(complaint(json!(null)), None);
        assert_eq!(complaint(json!("-2")).unwrap(), "-2 is less than the minimum of 1");
        assert_eq!(complaint(json!(0.9)).unwrap(), "0 is less than the minimum of 1");
        assert_eq!(complaint(json!(false)).unwrap(), "0 is less than the minimum of 1");
    }
}
