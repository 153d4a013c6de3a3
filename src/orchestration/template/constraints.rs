//! What a parameter or property demands of its value.
//!
//! [`super::parameters`] and [`super::schema`] are the callers. Custom constraints name a thing of
//! another service; they pass here and are handed out to be looked up ([`CustomCheck`]).

use std::cmp::Ordering;

use fancy_regex::Regex;
use serde_json::{Map, Value};

use super::error::{Error, Result};
use super::python;

/// The types of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// True or false.
    Boolean,
    /// A map; as a parameter, any JSON.
    Map,
    /// A list.
    List,
    /// Whatever it is.
    Any,
}

/// A demand, and the sentence of the template's author that explains it.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// The demand.
    pub rule: Rule,
    /// Shown instead of our own sentence.
    pub description: Option<String>,
}

/// The smallest and the largest number allowed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds {
    /// The smallest.
    pub min: Option<Value>,
    /// The largest.
    pub max: Option<Value>,
}

/// What can be demanded.
#[derive(Clone, Debug)]
pub enum Rule {
    /// A number between.
    Range(Bounds),
    /// A length between.
    Length(Bounds),
    /// A number of steps from an offset.
    Modulo {
        /// The step.
        step: Value,
        /// The offset.
        offset: Value,
    },
    /// One of these, or a list of these.
    AllowedValues(Vec<Value>),
    /// A text that the pattern matches as a whole.
    AllowedPattern {
        /// The pattern as it was written.
        pattern: String,
        /// Compiled, bound to the start.
        regex: Box<Regex>,
    },
    /// The name of a constraint that another service knows.
    Custom(String),
}

/// A value that another service must know.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomCheck {
    /// The name of the constraint: `neutron.network`.
    pub name: String,
    /// The value.
    pub value: Value,
    description: Option<String>,
    /// Where the value stands, as the refusal says it.
    pub(crate) place: Place,
}

/// Where a value that was looked up stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    Parameter(String),
    Property(Vec<String>),
}

impl CustomCheck {
    /// The refusal if the other service does not know the value; `reason` is why.
    pub fn refusal(&self, reason: &str) -> Error {
        let value = python::text(&self.value);
        let sentence = match &self.description {
            Some(description) => description.clone(),
            None => format!("Error validating value '{value}': {reason}"),
        };
        self.placed(sentence)
    }

    /// The refusal if nobody knows a constraint of that name.
    pub fn unknown(&self) -> Error {
        let (value, name) = (python::text(&self.value), &self.name);
        let sentence = format!("\"{value}\" does not validate {name} (constraint not found)");
        self.placed(self.description.clone().unwrap_or(sentence))
    }

    fn placed(&self, sentence: String) -> Error {
        match &self.place {
            Place::Parameter(name) => {
                Error::validation(format!("Parameter '{name}' is invalid: {sentence}"))
            }
            Place::Property(path) => Error::validation(sentence).within(path.clone()),
        }
    }
}

impl Constraint {
    /// One of `rule`.
    pub fn new(rule: Rule) -> Self {
        Self { rule, description: None }
    }

    /// The same, with the author's sentence.
    #[must_use]
    pub fn described(mut self, description: Option<String>) -> Self {
        self.description = description;
        self
    }

    /// Refuses the value if it breaks the rule. `kind` and its `name` decide how allowed values
    /// are compared.
    pub(crate) fn check(&self, value: &Value, kind: Kind, name: &str) -> Result<()> {
        if self.rule.admits(value, kind, name)? {
            return Ok(());
        }
        let sentence = match &self.description {
            Some(description) => description.clone(),
            None => self.rule.complaint(value),
        };
        Err(Error::validation(sentence))
    }

    /// As Heat writes it: `{"range": {"min": 1}, "description": …}`.
    pub fn to_value(&self) -> Value {
        let mut members = Map::new();
        if let Some(description) = &self.description {
            members.insert("description".to_owned(), Value::from(description.as_str()));
        }
        let (name, content) = self.rule.to_member();
        members.insert(name.to_owned(), content);
        Value::Object(members)
    }
}

impl Rule {
    /// A range; at least one end must be given, and both must be numbers.
    pub(crate) fn range(bounds: Bounds) -> Result<Self> {
        if bounds.is_open() {
            return Err(Error::schema(
                "A range constraint must have a min value and/or a max value specified.",
            ));
        }
        Ok(Self::Range(bounds))
    }

    /// A length; at least one end must be given, and both must be whole.
    pub(crate) fn length(bounds: Bounds) -> Result<Self> {
        if bounds.is_open() {
            return Err(Error::schema(
                "A length constraint must have a min value and/or a max value specified.",
            ));
        }
        let whole = |end: &Option<Value>| end.as_ref().is_none_or(|end| !is_float(end));
        if !(whole(&bounds.min) && whole(&bounds.max)) {
            return Err(Error::schema("min/max length must be integral"));
        }
        Ok(Self::Length(bounds))
    }

    /// Steps from an offset, both whole and on the same side of zero.
    pub(crate) fn modulo(step: Option<Value>, offset: Option<Value>) -> Result<Self> {
        let (Some(step), Some(offset)) = (step, offset) else {
            return Err(Error::schema(
                "A modulo constraint must have a step value and an offset value specified.",
            ));
        };
        let whole = |value: &Value| python::int(value).filter(|_| fraction(value) == 0.0);
        let (Some(steps), Some(start)) = (whole(&step), whole(&offset)) else {
            return Err(Error::schema("step/offset must be integer"));
        };
        if steps == 0 {
            return Err(Error::schema("step cannot be 0."));
        }
        if start.abs() >= steps.abs() {
            return Err(Error::schema("offset must be smaller (by absolute value) than step."));
        }
        if steps.signum() * start.signum() < 0 {
            return Err(Error::schema("step and offset must be both positive or both negative."));
        }
        Ok(Self::Modulo { step, offset })
    }

    /// The values of a list.
    pub(crate) fn allowed_values(values: &Value) -> Result<Self> {
        match values {
            Value::Array(values) => Ok(Self::AllowedValues(values.clone())),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object(_) => Err(Error::schema("AllowedValues must be a list")),
        }
    }

    /// A pattern of Python's `re`.
    pub(crate) fn allowed_pattern(pattern: &Value) -> Result<Self> {
        let pattern =
            pattern.as_str().ok_or_else(|| Error::schema("AllowedPattern must be a string"))?;
        let translated = pattern.replace("\\Z", "\\z");
        let regex = Regex::new(&format!("\\A(?:{translated})"))
            .or_else(|_| Regex::new(&format!("\\A(?:{})", single_lookaheads(&translated))))
            .map_err(|error| Error::schema(format!("Invalid pattern \"{pattern}\": {error}")))?;
        Ok(Self::AllowedPattern { pattern: pattern.to_owned(), regex: Box::new(regex) })
    }

    /// Whether values of that kind can be constrained so.
    pub(crate) fn fits(&self, kind: Kind) -> bool {
        let kinds: &[Kind] = match self {
            Self::Range(_) | Self::Modulo { .. } => &[Kind::Integer, Kind::Number],
            Self::Length(_) => &[Kind::String, Kind::List, Kind::Map],
            Self::AllowedPattern { .. } => &[Kind::String],
            Self::AllowedValues(_) | Self::Custom(_) => {
                &[Kind::String, Kind::Integer, Kind::Number, Kind::Boolean, Kind::List]
            }
        };
        kinds.contains(&kind)
    }

    /// The name that Heat's sentences give it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Range(_) => "Range",
            Self::Length(_) => "Length",
            Self::Modulo { .. } => "Modulo",
            Self::AllowedValues(_) => "AllowedValues",
            Self::AllowedPattern { .. } => "AllowedPattern",
            Self::Custom(_) => "CustomConstraint",
        }
    }

    fn admits(&self, value: &Value, kind: Kind, name: &str) -> Result<bool> {
        match self {
            Self::Range(bounds) => Ok(bounds.admit(fraction_of(value)?)),
            Self::Length(bounds) => Ok(bounds.admit(float_of(length(value)?))),
            Self::Modulo { step, offset } => {
                let number = fraction_of(value)?;
                let (step, offset) = (fraction_of(step)?, fraction_of(offset)?);
                // Python's remainder has the sign of the divisor.
                let rest = number - step * (number / step).floor();
                Ok(rest.partial_cmp(&offset) == Some(Ordering::Equal))
            }
            Self::AllowedValues(allowed) => match value {
                Value::Array(items) => Ok(items.iter().all(|item| among(allowed, item))),
                Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::String(_)
                | Value::Object(_) => {
                    let convert = |value: &Value| convert(value, kind, name);
                    let allowed = allowed.iter().map(convert).collect::<Result<Vec<_>>>()?;
                    Ok(among(&allowed, &convert(value)?))
                }
            },
            Self::AllowedPattern { regex, .. } => {
                let text = value.as_str().ok_or_else(|| {
                    let kind = python::type_name(value);
                    Error::kind(format!("expected string or bytes-like object, got '{kind}'"))
                })?;
                let found = regex.find(text).ok().flatten();
                Ok(found.is_some_and(|found| found.end() == text.len()))
            }
            Self::Custom(_) => Ok(true),
        }
    }

    fn complaint(&self, value: &Value) -> String {
        let shown = python::text(value);
        match self {
            Self::Range(bounds) => format!("{shown} is out of range {}", bounds.shown()),
            Self::Length(bounds) => {
                let length = length(value).unwrap_or_default();
                format!("length ({length}) is out of range {}", bounds.shown())
            }
            Self::Modulo { step, offset } => {
                let (step, offset) = (python::text(step), python::text(offset));
                format!("{shown} is not a multiple of {step} with an offset of {offset}")
            }
            Self::AllowedValues(allowed) => {
                let allowed: Vec<_> = allowed.iter().map(python::dumps).collect();
                let value = python::dumps(value);
                format!("{value} is not an allowed value [{}]", allowed.join(", "))
            }
            Self::AllowedPattern { pattern, .. } => {
                format!("\"{shown}\" does not match pattern \"{pattern}\"")
            }
            Self::Custom(name) => format!("\"{shown}\" does not validate {name}"),
        }
    }

    fn to_member(&self) -> (&'static str, Value) {
        match self {
            Self::Range(bounds) => ("range", bounds.to_value()),
            Self::Length(bounds) => ("length", bounds.to_value()),
            Self::Modulo { step, offset } => {
                let members =
                    [("step".to_owned(), step.clone()), ("offset".to_owned(), offset.clone())];
                ("modulo", Value::Object(Map::from_iter(members)))
            }
            Self::AllowedValues(allowed) => ("allowed_values", Value::Array(allowed.clone())),
            Self::AllowedPattern { pattern, .. } => {
                ("allowed_pattern", Value::from(pattern.as_str()))
            }
            Self::Custom(name) => ("custom_constraint", Value::from(name.as_str())),
        }
    }
}

impl Bounds {
    fn is_open(&self) -> bool {
        self.min.is_none() && self.max.is_none()
    }

    fn admit(&self, number: f64) -> bool {
        let end = |end: &Option<Value>| end.as_ref().and_then(python::float);
        end(&self.min).is_none_or(|min| number >= min)
            && end(&self.max).is_none_or(|max| number <= max)
    }

    fn shown(&self) -> String {
        let end = |end: &Option<Value>| end.as_ref().map_or("None".to_owned(), python::text);
        format!("(min: {}, max: {})", end(&self.min), end(&self.max))
    }

    fn to_value(&self) -> Value {
        let end = |name: &str, end: &Option<Value>| Some((name.to_owned(), end.clone()?));
        let ends = [end("min", &self.min), end("max", &self.max)];
        Value::Object(ends.into_iter().flatten().collect())
    }
}

/// Python lets a look-ahead be repeated, which says no more than once, or nothing at all.
fn single_lookaheads(pattern: &str) -> String {
    let mut single = String::new();
    // For each open group where it starts, if it is a look-ahead.
    let mut open = Vec::new();
    let mut rest = pattern.char_indices().peekable();
    while let Some((at, char)) = rest.next() {
        if char == '(' {
            let tail = pattern.get(at..).unwrap_or_default();
            let ahead = tail.starts_with("(?=") || tail.starts_with("(?!");
            open.push(ahead.then_some(single.len()));
        }
        single.push(char);
        if char == '\\' {
            single.extend(rest.next().map(|(_, escaped)| escaped));
        }
        let closed = if char == ')' { open.pop().flatten() } else { None };
        if let Some(start) = closed
            && let Some((_, repeat)) = rest.next_if(|(_, next)| ['*', '?', '+'].contains(next))
            && repeat != '+'
        {
            single.truncate(start);
        }
    }
    single
}

/// The value in the type: numbers and booleans may come as text.
pub(crate) fn convert(value: &Value, kind: Kind, name: &str) -> Result<Value> {
    let converted = match kind {
        Kind::Integer | Kind::Number => python::number(value),
        Kind::String => Ok(Value::String(python::text(value))),
        Kind::Boolean => python::boolean(value).map(Value::Bool),
        Kind::Map | Kind::List | Kind::Any => Ok(value.clone()),
    };
    let converted = converted.map_err(|error| {
        if value.is_null() || value.is_array() || value.is_object() {
            return error;
        }
        let shown = python::text(value);
        Error::value(format!("Value \"{shown}\" is invalid for data type \"{name}\"."))
    })?;
    if kind == Kind::Integer && is_float(&converted) {
        let shown = python::text(value);
        return Err(Error::value(format!(
            "Value \"{shown}\" is invalid for data type \"{name}\"."
        )));
    }
    Ok(converted)
}

fn among(values: &[Value], value: &Value) -> bool {
    values.iter().any(|known| python::equal(known, value))
}

fn is_float(value: &Value) -> bool {
    python::type_name(value) == "float"
}

fn fraction_of(value: &Value) -> Result<f64> {
    Ok(python::float(&python::number(value)?).unwrap_or_default())
}

fn fraction(value: &Value) -> f64 {
    python::float(value).unwrap_or_default().fract()
}

#[expect(clippy::cast_precision_loss, reason = "no value has 2^52 parts")]
fn float_of(length: usize) -> f64 {
    length as f64
}

/// `len(value)`.
fn length(value: &Value) -> Result<usize> {
    match value {
        Value::String(text) => Ok(text.chars().count()),
        Value::Array(items) => Ok(items.len()),
        Value::Object(members) => Ok(members.len()),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            Err(Error::kind(format!("object of type '{}' has no len()", python::type_name(value))))
        }
    }
}

/// The custom constraints among `constraints`, each with `value`.
pub(crate) fn custom_checks(
    constraints: &[Constraint],
    value: &Value,
    place: &Place,
) -> Vec<CustomCheck> {
    let check = |constraint: &Constraint| match &constraint.rule {
        Rule::Custom(name) => Some(CustomCheck {
            name: name.clone(),
            value: value.clone(),
            description: constraint.description.clone(),
            place: place.clone(),
        }),
        Rule::Range(_)
        | Rule::Length(_)
        | Rule::Modulo { .. }
        | Rule::AllowedValues(_)
        | Rule::AllowedPattern { .. } => None,
    };
    constraints.iter().filter_map(check).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn complaint(rule: Result<Rule>, kind: Kind, value: &Value) -> String {
        let constraint = Constraint::new(rule.unwrap());
        constraint
            .check(value, kind, "type")
            .map_or_else(|error| error.to_string(), |()| String::new())
    }

    fn bounds(min: i64, max: i64) -> Bounds {
        Bounds { min: Some(min.into()), max: Some(max.into()) }
    }

    #[test]
    fn broken_rules_are_named() {
        let pattern = || Rule::allowed_pattern(&json!("[a-z]+"));
        let values = || Rule::allowed_values(&json!(["a", "b"]));
        for (rule, kind, value, expected) in [
            (
                Rule::range(bounds(1, 64)),
                Kind::Number,
                json!(99),
                "99 is out of range (min: 1, max: 64)",
            ),
            (Rule::range(bounds(1, 64)), Kind::Number, json!("64"), ""),
            (
                Rule::length(bounds(2, 3)),
                Kind::String,
                json!("é"),
                "length (1) is out of range (min: 2, max: 3)",
            ),
            (Rule::length(bounds(0, 1)), Kind::List, json!([1]), ""),
            (pattern(), Kind::String, json!("ab1"), "\"ab1\" does not match pattern \"[a-z]+\""),
            (pattern(), Kind::String, json!("ab"), ""),
            (values(), Kind::String, json!("c"), "\"c\" is not an allowed value [\"a\", \"b\"]"),
            (values(), Kind::List, json!(["a", "a"]), ""),
            (
                Rule::modulo(Some(json!(2)), Some(json!(1))),
                Kind::Number,
                json!(4),
                "4 is not a multiple of 2 with an offset of 1",
            ),
            (Rule::modulo(Some(json!(-5)), Some(json!(-2))), Kind::Number, json!(-7), ""),
            (Rule::allowed_values(&json!([1, 2])), Kind::Number, json!("2"), ""),
        ] {
            assert_eq!(complaint(rule, kind, &value), expected, "{value}");
        }
    }

    #[test]
    fn a_pattern_must_match_the_first_way_it_can() {
        let rule = Rule::allowed_pattern(&json!("a|ab"));
        assert!(!complaint(rule, Kind::String, &json!("ab")).is_empty());
    }

    #[test]
    fn a_look_ahead_may_be_repeated() {
        let rule = || Rule::allowed_pattern(&json!("[a-z]+(?=[.])*\\.[a-z]+"));
        assert_eq!(complaint(rule(), Kind::String, &json!("a.b")), "");
        assert!(!complaint(rule(), Kind::String, &json!("a-b")).is_empty());
    }

    #[test]
    fn impossible_rules_are_refused() {
        let modulo = |step: i64, offset: i64| {
            Rule::modulo(Some(step.into()), Some(offset.into())).unwrap_err().to_string()
        };
        assert_eq!(modulo(0, 0), "step cannot be 0.");
        assert_eq!(modulo(2, 2), "offset must be smaller (by absolute value) than step.");
        assert_eq!(modulo(2, -1), "step and offset must be both positive or both negative.");
        assert!(Rule::range(Bounds::default()).is_err());
        assert!(Rule::allowed_pattern(&json!("(")).is_err());
    }

    #[test]
    fn a_description_replaces_the_sentence() {
        let constraint = Constraint::new(Rule::range(bounds(1, 2)).unwrap())
            .described(Some("one or two".to_owned()));
        let refusal = constraint.check(&json!(3), Kind::Number, "number").unwrap_err();
        assert_eq!(refusal.to_string(), "one or two");
        assert_eq!(
            constraint.to_value(),
            json!({"description": "one or two", "range": {"min": 1, "max": 2}})
        );
    }
}
