//! An [`Expression`] and data → a value.

use std::cell::Cell;
use std::cmp::Ordering;

use kit::http::pyrepr::Str;
use serde_json::{Map, Number, Value};

use super::methods;
use super::parse::{Argument, Call, Expression, Math, Operator, Order};
use super::{MAX_BYTES, MAX_ITEMS, MAX_WORK};
use crate::template::error::{Error, Result};
use crate::template::python;

/// Evaluates with `root` as `$`.
pub(super) fn run(expression: &Expression, root: Value) -> Result<Value> {
    let work = Cell::new(0);
    Scope { names: vec![(String::new(), root)], work: &work }.value(expression)
}

/// The names that an expression sees; later ones hide earlier ones.
#[derive(Clone)]
pub(super) struct Scope<'s> {
    names: Vec<(String, Value)>,
    work: &'s Cell<usize>,
}

impl Scope<'_> {
    /// The scope inside `select(…)` and the like: `$`, `$1`, `$2` … are the arguments.
    fn with(&self, args: &[&Value]) -> Self {
        let mut inner = self.clone();
        inner.names.extend(args.first().map(|first| (String::new(), (*first).clone())));
        let numbered = args.iter().enumerate();
        inner.names.extend(numbered.map(|(at, arg)| ((at + 1).to_string(), (*arg).clone())));
        inner
    }

    /// The value of `expression` with these arguments as `$`.
    pub(super) fn apply(&self, expression: &Expression, args: &[&Value]) -> Result<Value> {
        self.with(args).value(expression)
    }

    /// The value of `expression`.
    pub(super) fn value(&self, expression: &Expression) -> Result<Value> {
        let value = self.evaluate(expression)?;
        self.work.set(self.work.get() + weight(&value));
        if self.work.get() > MAX_WORK {
            return Err(Error::value("Expression took too much work"));
        }
        Ok(value)
    }

    fn evaluate(&self, expression: &Expression) -> Result<Value> {
        match expression {
            Expression::Literal(value) => Ok(value.clone()),
            Expression::Variable(name) => {
                let found = self.names.iter().rev().find(|(known, _)| known == name);
                Ok(found.map_or(Value::Null, |(_, value)| value.clone()))
            }
            Expression::List(items) => {
                Ok(Value::Array(items.iter().map(|item| self.value(item)).collect::<Result<_>>()?))
            }
            Expression::Map(members) => {
                let pair = |(key, value): &(Expression, Expression)| {
                    Ok((key_text(&self.value(key)?), self.value(value)?))
                };
                Ok(Value::Object(members.iter().map(pair).collect::<Result<Map<_, _>>>()?))
            }
            Expression::Member { of, name, safe } => member(&self.value(of)?, name, *safe),
            Expression::Item(of, index) => item(&self.value(of)?, &self.value(index)?),
            Expression::Not(of) => Ok(Value::Bool(!python::truth(&self.value(of)?))),
            Expression::Negative(of) => arithmetic(Math::Minus, &Value::from(0), &self.value(of)?),
            Expression::Binary(operator, left, right) => self.binary(*operator, left, right),
            Expression::Call(call) => self.call(call),
            Expression::With(bindings, body) => self.bound(bindings)?.value(body),
        }
    }

    fn binary(&self, operator: Operator, left: &Expression, right: &Expression) -> Result<Value> {
        let left = self.value(left)?;
        let right = || self.value(right);
        match operator {
            Operator::Or => {
                if python::truth(&left) {
                    Ok(left)
                } else {
                    right()
                }
            }
            Operator::And => {
                if python::truth(&left) {
                    right()
                } else {
                    Ok(left)
                }
            }
            Operator::Equal => Ok(Value::Bool(python::equal(&left, &right()?))),
            Operator::NotEqual => Ok(Value::Bool(!python::equal(&left, &right()?))),
            Operator::In => contains(&right()?, &left).ok_or_else(|| mismatch(operator)),
            Operator::Order(wanted) => {
                let found = order(&left, &right()?).ok_or_else(|| mismatch(operator))?;
                Ok(Value::Bool(match wanted {
                    Order::Less => found.is_lt(),
                    Order::AtMost => found.is_le(),
                    Order::More => found.is_gt(),
                    Order::AtLeast => found.is_ge(),
                }))
            }
            Operator::Math(Math::Plus) => limited(plus(&left, &right()?)?),
            Operator::Math(math) => arithmetic(math, &left, &right()?),
        }
    }

    fn call(&self, call: &Call) -> Result<Value> {
        let Some(on) = &call.on else {
            let function = methods::function(&call.name)
                .ok_or_else(|| Error::value(format!("Unknown function \"{}\"", call.name)))?;
            return limited(function(self, &call.args)?);
        };
        let receiver = self.value(on)?;
        if receiver.is_null() && call.safe {
            return Ok(Value::Null);
        }
        let method = methods::method(&call.name).ok_or_else(|| {
            let sentence =
                format!("Unknown method \"{}\" for receiver {}", call.name, Str(&receiver));
            Error::value(sentence)
        })?;
        let found = method(self, &receiver, &call.args)?.ok_or_else(|| {
            Error::value(format!(
                "No method \"{}\" for receiver {} matches supplied arguments",
                call.name,
                Str(&receiver)
            ))
        });
        limited(found?)
    }

    /// The scope that `let(name => value, …)` makes.
    fn bound(&self, bindings: &Expression) -> Result<Self> {
        let Expression::Call(Call { on: None, name, args, .. }) = bindings else {
            return Err(no_bindings());
        };
        if name != "let" {
            return Err(no_bindings());
        }
        let mut inner = self.clone();
        for (at, Argument { key, value }) in args.iter().enumerate() {
            let name = match key {
                Some(key) => key_text(&self.value(key)?),
                None => (at + 1).to_string(),
            };
            inner.names.push((name, self.value(value)?));
        }
        Ok(inner)
    }
}

fn no_bindings() -> Error {
    Error::value("No function \"#operator_->\" matches supplied arguments")
}

/// What copying a value costs. A few lists of lists of lists are more than a machine holds, so
/// the account is of what is in them.
fn weight(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
        Value::String(text) => 1 + text.len() / 16,
        Value::Array(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(weight).sum::<usize>(),
    }
}

/// A key as JSON writes it.
pub(super) fn key_text(key: &Value) -> String {
    key.as_str().map_or_else(|| python::dumps(key), str::to_owned)
}

fn mismatch(operator: Operator) -> Error {
    let sign = operator.sign();
    Error::value(format!("No function \"#operator_{sign}\" matches supplied arguments"))
}

/// Refuses what grew too large.
fn limited(value: Value) -> Result<Value> {
    if value.as_array().is_some_and(|items| items.len() > MAX_ITEMS) {
        return Err(Error::value(format!("Collection length exceeds {MAX_ITEMS} elements")));
    }
    if value.as_str().is_some_and(|text| text.len() > MAX_BYTES) {
        return Err(Error::value("Expression consumed too much memory"));
    }
    Ok(value)
}

/// A member of a map; of a list, the members of its items.
fn member(of: &Value, name: &str, safe: bool) -> Result<Value> {
    match of {
        Value::Null if safe => Ok(Value::Null),
        Value::Object(members) => members.get(name).cloned().ok_or_else(|| Error::key(name)),
        Value::Array(items) => {
            let members = items.iter().map(|item| member(item, name, safe));
            Ok(Value::Array(members.collect::<Result<_>>()?))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Err(Error::value("No function \"#operator_.\" matches supplied arguments"))
        }
    }
}

fn item(of: &Value, index: &Value) -> Result<Value> {
    let missing = || match of {
        Value::Array(_) => Error::value("list index out of range"),
        Value::Object(_) => Error::key(&key_text(index)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Error::value("No function \"#indexer\" matches supplied arguments")
        }
    };
    python::item(of, index).cloned().ok_or_else(missing)
}

/// Numbers with numbers, texts with texts.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(_), Value::Number(_)) => {
            python::float(left)?.partial_cmp(&python::float(right)?)
        }
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// Whether a list has the item, a map the key, a text the piece.
pub(super) fn contains(whole: &Value, part: &Value) -> Option<Value> {
    Some(Value::Bool(match (whole, part) {
        (Value::Array(items), _) => items.iter().any(|item| python::equal(item, part)),
        (Value::Object(members), _) => members.contains_key(&key_text(part)),
        (Value::String(text), Value::String(piece)) => text.contains(piece),
        _ => return None,
    }))
}

/// The sum of numbers, texts, lists or maps.
pub(super) fn plus(left: &Value, right: &Value) -> Result<Value> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Ok(Value::String(format!("{left}{right}"))),
        (Value::Array(left), Value::Array(right)) => {
            Ok(Value::Array([left.as_slice(), right].concat()))
        }
        (Value::Object(left), Value::Object(right)) => {
            let both = left.iter().chain(right);
            Ok(Value::Object(both.map(|(key, value)| (key.clone(), value.clone())).collect()))
        }
        _ => arithmetic(Math::Plus, left, right),
    }
}

/// Whole numbers stay whole; dividing them leaves the fraction out.
fn arithmetic(math: Math, left: &Value, right: &Value) -> Result<Value> {
    let (Value::Number(a), Value::Number(b)) = (left, right) else {
        return Err(mismatch(Operator::Math(math)));
    };
    let by_zero = || Error::value("division by zero");
    if let (Some(a), Some(b)) = (a.as_i64(), b.as_i64()) {
        if b == 0 && matches!(math, Math::Divide | Math::Modulo) {
            return Err(by_zero());
        }
        let exact = match math {
            Math::Plus => a.checked_add(b),
            Math::Minus => a.checked_sub(b),
            Math::Times => a.checked_mul(b),
            Math::Divide => floor_division(a, b),
            Math::Modulo => floor_division(a, b).map(|times| a - times * b),
        };
        return exact.map(Value::from).ok_or_else(|| Error::value("the number is too large"));
    }
    let (a, b) = (a.as_f64().unwrap_or_default(), b.as_f64().unwrap_or_default());
    let float = match math {
        Math::Plus => a + b,
        Math::Minus => a - b,
        Math::Times => a * b,
        Math::Divide => a / b,
        Math::Modulo => a - (a / b).floor() * b,
    };
    Number::from_f64(float).map(Value::Number).ok_or_else(by_zero)
}

/// Python's `//`: towards the smaller number.
fn floor_division(a: i64, b: i64) -> Option<i64> {
    let towards_zero = a.checked_div(b)?;
    let cut = a % b != 0 && (a < 0) != (b < 0);
    Some(towards_zero - i64::from(cut))
}
