//! What a plain scalar of YAML 1.1 means, as `PyYAML`'s safe loader decides.
//!
//! Heat's templates were written against it: `yes` is true, `0755` is 493, `1:30` is 90, `1e3` is
//! text. Timestamps stay text, which is Heat's own change. [`super::yaml`] is the only caller.

use std::num::IntErrorKind;
use std::sync::LazyLock;

use fancy_regex::Regex;
use serde_json::{Number, Value};

/// What the scalar is, its tag left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Bool,
    Int,
    Float,
    Text,
}

static NULLS: &[&str] = &["", "~", "null", "Null", "NULL"];
static TRUTHS: &[&str] = &["yes", "true", "on"];
static LIES: &[&str] = &["no", "false", "off"];

static INT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        "^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+\
         |[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$",
    )
    .ok()
});
static FLOAT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
    )
    .ok()
});

/// The kind that an untagged plain scalar has.
pub(crate) fn kind(text: &str) -> Kind {
    if NULLS.contains(&text) {
        return Kind::Null;
    }
    if is_cased(text) && truth(text).is_some() {
        return Kind::Bool;
    }
    // Neither pattern matches a text that starts otherwise, and most do.
    if !text.starts_with(|char: char| char.is_ascii_digit() || "+-.".contains(char)) {
        return Kind::Text;
    }
    let matches = |pattern: &LazyLock<Option<Regex>>| {
        pattern.as_ref().is_some_and(|regex| regex.is_match(text).unwrap_or(false))
    };
    match (matches(&INT), matches(&FLOAT)) {
        (true, _) => Kind::Int,
        (false, true) => Kind::Float,
        (false, false) => Kind::Text,
    }
}

/// `yes`, `Yes` and `YES`, but not `yEs`.
fn is_cased(text: &str) -> bool {
    let tail = text.get(1..).unwrap_or_default();
    tail.bytes().all(|byte| byte.is_ascii_lowercase())
        || text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn truth(text: &str) -> Option<bool> {
    let word = text.to_ascii_lowercase();
    let known = |list: &[&str]| list.contains(&word.as_str());
    if known(TRUTHS) {
        return Some(true);
    }
    known(LIES).then_some(false)
}

/// The value of a scalar of that kind; `None` if the text does not fit it.
///
/// JSON has neither numbers beyond 64 bits nor infinity: those keep their text.
pub(crate) fn value(kind: Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Null => Some(Value::Null),
        Kind::Bool => truth(text).map(Value::Bool),
        Kind::Text => Some(Value::String(text.to_owned())),
        Kind::Int => int(text),
        Kind::Float => float(text),
    }
}

fn int(text: &str) -> Option<Value> {
    let digits = text.replace('_', "");
    let (sign, magnitude) = signed(&digits);
    let parsed = if let Some(binary) = magnitude.strip_prefix("0b") {
        i64::from_str_radix(binary, 2)
    } else if let Some(hex) = magnitude.strip_prefix("0x") {
        i64::from_str_radix(hex, 16)
    } else if magnitude.contains(':') {
        return sexagesimal(magnitude).map(|whole| (sign * whole).into());
    } else if magnitude.len() > 1 && magnitude.starts_with('0') {
        i64::from_str_radix(magnitude, 8)
    } else {
        magnitude.parse()
    };
    match parsed {
        Ok(whole) => Some((sign * whole).into()),
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => {
            Some(Value::String(text.to_owned()))
        }
        Err(_) => None,
    }
}

fn signed(digits: &str) -> (i64, &str) {
    match digits.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, digits.strip_prefix('+').unwrap_or(digits)),
    }
}

fn sexagesimal(text: &str) -> Option<i64> {
    text.split(':')
        .try_fold(0_i64, |sum, digit| sum.checked_mul(60)?.checked_add(digit.parse::<i64>().ok()?))
}

fn float(text: &str) -> Option<Value> {
    let digits = text.replace('_', "").to_ascii_lowercase();
    let unsigned = digits.trim_start_matches(['-', '+']);
    if [".inf", ".nan"].contains(&unsigned) {
        return Some(Value::String(text.to_owned()));
    }
    let float = if unsigned.contains(':') {
        let sign = if digits.starts_with('-') { -1.0 } else { 1.0 };
        let parts = unsigned.split(':');
        sign * parts
            .map(str::parse::<f64>)
            .try_fold(0.0, |sum, part| Some(sum * 60.0 + part.ok()?))?
    } else {
        digits.parse().ok()?
    };
    match Number::from_f64(float) {
        Some(number) => Some(Value::Number(number)),
        None => Some(Value::String(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn reads(text: &str, expected: &Value) {
        assert_eq!(value(kind(text), text).as_ref(), Some(expected), "{text}");
    }

    #[test]
    fn scalars_mean_what_they_meant_in_yaml_1_1() {
        for (text, expected) in [
            ("", json!(null)),
            ("~", json!(null)),
            ("Null", json!(null)),
            ("yes", json!(true)),
            ("Off", json!(false)),
            ("NO", json!(false)),
            ("yEs", json!("yEs")),
            ("y", json!("y")),
            ("0", json!(0)),
            ("-12", json!(-12)),
            ("1_000", json!(1000)),
            ("0755", json!(493)),
            ("-017", json!(-15)),
            ("08", json!("08")),
            ("0x1F", json!(31)),
            ("0b101", json!(5)),
            ("1:30", json!(90)),
            ("190:20:30", json!(685_230)),
            ("1:90", json!("1:90")),
            ("1.5", json!(1.5)),
            ("1.", json!(1.0)),
            (".5", json!(0.5)),
            ("1.5e+3", json!(1500.0)),
            ("1e3", json!("1e3")),
            ("1.5e3", json!("1.5e3")),
            ("1:30.5", json!(90.5)),
            ("-.inf", json!("-.inf")),
            (".nan", json!(".nan")),
            ("0o17", json!("0o17")),
            ("2013-05-23", json!("2013-05-23")),
            ("2001-12-14t21:59:43.10-05:00", json!("2001-12-14t21:59:43.10-05:00")),
            ("12345678901234567890", json!("12345678901234567890")),
            ("1.2.3.4", json!("1.2.3.4")),
            ("=", json!("=")),
            ("+", json!("+")),
        ] {
            reads(text, &expected);
        }
    }
}
