//! Values that old clients send in several shapes; the contract has already refused nonsense.

use kit::error::{Error, Result};
use serde_json::Value;

/// `true` and `false` as `oslo_utils.strutils.bool_from_string` reads them.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "t" | "true" | "on" | "y" | "yes" => Some(true),
        "0" | "f" | "false" | "off" | "n" | "no" => Some(false),
        _ => None,
    }
}

/// A number, or a text of digits.
pub(crate) fn integer(key: &str, value: &Value) -> Result<i64> {
    value
        .as_i64()
        .or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()))
        .ok_or_else(|| Error::bad_request(format!("Invalid value for {key}.")))
}

/// A text; numbers as their digits, anything else as JSON.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
