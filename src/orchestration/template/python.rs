//! What Python's own functions answer, where Heat's language shows them through.
//!
//! Heat converts with `str`, `int`, `json.dumps`, `isinstance` and oslo's `bool_from_string`;
//! templates depend on the results and clients on the sentences. Nothing here knows templates.

use std::cmp::Ordering;
use std::fmt::Write as _;

use kit::http::pyrepr::{Quoted, Str};
use serde_json::{Number, Value};

use super::error::{Error, Result};

static TRUTHS: &[&str] = &["1", "t", "true", "on", "y", "yes"];
static LIES: &[&str] = &["0", "f", "false", "off", "n", "no"];

/// `str(value)`.
pub(crate) fn text(value: &Value) -> String {
    Str(value).to_string()
}

/// The name of the type.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

/// Whether the value counts as true.
pub(crate) fn truth(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// `==`: a whole float equals its integer, and true equals one.
pub(crate) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| equal(a, b))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, a)| right.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => left == right || same_number(left, right),
    }
}

fn same_number(left: &Value, right: &Value) -> bool {
    let (left, right) = (float(left), float(right));
    left.is_some() && left.partial_cmp(&right) == Some(Ordering::Equal)
}

/// A number (true and false are numbers in Python) as a float.
pub(crate) fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        Value::Number(number) => number.as_f64(),
        Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A whole number.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(flag) => Some(i64::from(*flag)),
        Value::Number(number) => number.as_i64(),
        Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Text as a number: `int` if that goes, else `float`.
pub(crate) fn number(value: &Value) -> Result<Value> {
    match value {
        Value::Number(_) | Value::Bool(_) => Ok(value.clone()),
        Value::String(text) => parse_number(text).ok_or_else(|| {
            Error::value(format!("could not convert string to float: {}", Quoted(text)))
        }),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(Error::kind(format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            type_name(value)
        ))),
    }
}

fn parse_number(text: &str) -> Option<Value> {
    let digits = text.trim().replace('_', "");
    if let Ok(whole) = digits.parse::<i64>() {
        return Some(whole.into());
    }
    Number::from_f64(digits.parse().ok()?).map(Value::Number)
}

/// `int(value)`: text must be whole, a float loses its fraction.
pub(crate) fn int(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().replace('_', "").parse().ok(),
        #[expect(clippy::cast_possible_truncation, reason = "int() cuts the fraction off")]
        Value::Number(number) if number.is_f64() => number.as_f64().map(|float| float as i64),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            integer(value)
        }
    }
}

/// oslo's strict `bool_from_string`.
pub(crate) fn boolean(value: &Value) -> Result<bool> {
    if let Value::Bool(flag) = value {
        return Ok(*flag);
    }
    let shown = text(value);
    let word = shown.trim().to_lowercase();
    if TRUTHS.contains(&word.as_str()) {
        return Ok(true);
    }
    if LIES.contains(&word.as_str()) {
        return Ok(false);
    }
    let mut known: Vec<_> = [TRUTHS, LIES].concat();
    known.sort_unstable();
    Err(Error::value(format!(
        "Unrecognized value '{shown}', acceptable values are: '{}'",
        known.join("', '")
    )))
}

/// `json.loads(text)`, with the complaint that most wrong texts meet.
pub(crate) fn loads(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line().max(1), error.column().max(1));
        let whole = text.split('\n').nth(line - 1).unwrap_or_default();
        // Python points at the start of a word that is none of JSON's.
        let word = whole.chars().take(column - 1).collect::<Vec<_>>();
        let letters = word.iter().rev().take_while(|char| char.is_alphanumeric()).count();
        let column = column - letters;
        let before: usize =
            text.split('\n').take(line - 1).map(|line| line.chars().count() + 1).sum();
        format!("Expecting value: line {line} column {column} (char {})", before + column - 1)
    })
}

/// `json.dumps(value)`: blanks after separators, nothing but ASCII.
pub(crate) fn dumps(value: &Value) -> String {
    let mut out = String::new();
    dump(value, false, &mut out);
    out
}

/// `json.dumps(value, sort_keys=True)`.
pub(crate) fn dumps_sorted(value: &Value) -> String {
    let mut out = String::new();
    dump(value, true, &mut out);
    out
}

fn dump(value: &Value, sorted: bool, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(_) => out.push_str(&text(value)),
        Value::String(text) => dump_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                dump(item, sorted, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            if sorted {
                members.sort_by_key(|(key, _)| *key);
            }
            out.push('{');
            for (index, (key, member)) in members.into_iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                dump_text(key, out);
                out.push_str(": ");
                dump(member, sorted, out);
            }
            out.push('}');
        }
    }
}

fn dump_text(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(char),
            _ => {
                for unit in char.encode_utf16(&mut [0; 2]) {
                    // Writing to a String does not fail.
                    write!(out, "\\u{unit:04x}").unwrap_or_default();
                }
            }
        }
    }
    out.push('"');
}

/// `collection[key]` with a key of a template's path; `None` where Python would raise.
pub(crate) fn item<'a>(collection: &'a Value, key: &Value) -> Option<&'a Value> {
    match collection {
        Value::Object(members) => members.get(&text(key)),
        Value::Array(items) => items.get(position(int(key)?, items.len())?),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Where index `index` points in a list of `length`; negative ones count from the end.
pub(crate) fn position(index: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let from_start = if index < 0 { index + length } else { index };
    usize::try_from(from_start).ok().filter(|_| from_start < length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_read_as_python_reads_them() {
        for (text, expected) in [
            ("12", json!(12)),
            (" -3 ", json!(-3)),
            ("1_000", json!(1000)),
            ("1.5", json!(1.5)),
            ("1e3", json!(1000.0)),
        ] {
            assert_eq!(number(&json!(text)), Ok(expected));
        }
        assert_eq!(
            number(&json!("abc")).unwrap_err().to_string(),
            "could not convert string to float: 'abc'"
        );
        assert!(number(&json!([1])).unwrap_err().to_string().ends_with("not 'list'"));
    }

    #[test]
    fn booleans_have_many_names() {
        assert_eq!(boolean(&json!("Yes")), Ok(true));
        assert_eq!(boolean(&json!(0)), Ok(false));
        assert_eq!(
            boolean(&json!("maybe")).unwrap_err().to_string(),
            "Unrecognized value 'maybe', acceptable values are: '0', '1', 'f', 'false', 'n', \
             'no', 'off', 'on', 't', 'true', 'y', 'yes'"
        );
    }

    #[test]
    fn json_looks_as_python_writes_it() {
        let value = json!({"b": [1, 2.0, null], "a": "é\n\"🦀\""});
        assert_eq!(dumps(&value), r#"{"b": [1, 2.0, null], "a": "\u00e9\n\"\ud83e\udd80\""}"#);
        assert!(dumps_sorted(&value).starts_with(r#"{"a": "#));
    }

    #[test]
    fn equality_crosses_types_of_numbers_only() {
        assert!(equal(&json!([1, {"a": true}]), &json!([1.0, {"a": 1}])));
        assert!(!equal(&json!("1"), &json!(1)));
        assert!(!equal(&json!({"a": 1}), &json!({"b": 1})));
    }

    #[test]
    fn paths_reach_into_lists_and_maps() {
        let value = json!({"a": [10, 20]});
        let list = item(&value, &json!("a")).unwrap();
        assert_eq!(item(list, &json!("1")), Some(&json!(20)));
        assert_eq!(item(list, &json!(-1)), Some(&json!(20)));
        assert_eq!(item(list, &json!(2)), None);
        assert_eq!(item(list, &json!("x")), None);
    }
}
