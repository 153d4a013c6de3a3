//! The functions and methods of expressions: two tables.
//!
//! Most methods are functions too (`len($.list)`), with the receiver as first argument.

use fancy_regex::Regex;
use serde_json::{Map, Value};

use super::MAX_ITEMS;
use super::evaluate::{Scope, contains, key_text, order, plus};
use super::parse::{Argument, Expression};
use crate::template::error::{Error, Result};
use crate::template::python;

/// A function gets its arguments unevaluated.
pub(super) type Function = fn(&Scope<'_>, &[Argument]) -> Result<Value>;
/// A method answers nothing if it does not fit the receiver or the arguments.
pub(super) type Method = fn(&Scope<'_>, &Value, &[Argument]) -> Result<Option<Value>>;

static FUNCTIONS: &[(&str, Function)] = &[
    ("coalesce", |scope, args| {
        for argument in args {
            let value = scope.value(&argument.value)?;
            if !value.is_null() {
                return Ok(value);
            }
        }
        Ok(Value::Null)
    }),
    ("switch", |scope, args| {
        for Argument { key, value } in args {
            let Some(condition) = key else { continue };
            if python::truth(&scope.value(condition)?) {
                return scope.value(value);
            }
        }
        Ok(Value::Null)
    }),
    ("dict", dict),
    ("list", |scope, args| Ok(Value::Array(values(scope, args)?))),
    ("concat", |scope, args| {
        let mut parts = values(scope, args)?.into_iter();
        let first = parts.next().unwrap_or(Value::Null);
        parts.try_fold(first, |whole, part| plus(&whole, &part))
    }),
    ("range", range),
    ("max", |scope, args| Ok(extreme(&values(scope, args)?, true).unwrap_or(Value::Null))),
    ("min", |scope, args| Ok(extreme(&values(scope, args)?, false).unwrap_or(Value::Null))),
    ("str", |scope, args| Ok(Value::String(python::text(&only(scope, args)?)))),
    ("int", |scope, args| {
        let value = only(scope, args)?;
        let shown = python::dumps(&value);
        let wrong = || Error::value(format!("invalid literal for int() with base 10: {shown}"));
        if value.is_null() {
            Ok(0.into())
        } else {
            python::int(&value).map(Value::from).ok_or_else(wrong)
        }
    }),
    ("float", |scope, args| {
        let number = python::number(&only(scope, args)?)?;
        Ok(python::float(&number).map_or(Value::Null, Value::from))
    }),
    ("bool", |scope, args| Ok(Value::Bool(python::truth(&only(scope, args)?)))),
    ("isString", |scope, args| Ok(Value::Bool(only(scope, args)?.is_string()))),
    ("isNumber", |scope, args| Ok(Value::Bool(only(scope, args)?.is_number()))),
    ("isBoolean", |scope, args| Ok(Value::Bool(only(scope, args)?.is_boolean()))),
    ("isList", |scope, args| Ok(Value::Bool(only(scope, args)?.is_array()))),
    ("isDict", |scope, args| Ok(Value::Bool(only(scope, args)?.is_object()))),
    ("len", |scope, args| as_function("len", scope, args)),
    ("sum", |scope, args| as_function("sum", scope, args)),
    ("flatten", |scope, args| as_function("flatten", scope, args)),
    ("distinct", |scope, args| as_function("distinct", scope, args)),
    ("select", |scope, args| as_function("select", scope, args)),
    ("where", |scope, args| as_function("where", scope, args)),
];

static METHODS: &[(&str, Method)] = &[
    // Lists.
    ("select", |scope, on, args| each(scope, on, args, |item, value| Some(value.unwrap_or(item)))),
    ("where", |scope, on, args| {
        each(scope, on, args, |item, value| {
            value.is_some_and(|value| python::truth(&value)).then_some(item)
        })
    }),
    ("selectMany", |scope, on, args| {
        let lists = each(scope, on, args, |item, value| Some(value.unwrap_or(item)))?;
        Ok(lists.map(|lists| flat(&lists, false)))
    }),
    ("flatten", |_, on, _| Ok(on.is_array().then(|| flat(on, true)))),
    ("distinct", |_, on, _| Ok(items(on).map(|items| Value::Array(unique(items))))),
    ("toList", |_, on, _| Ok(on.is_array().then(|| on.clone()))),
    ("reverse", |_, on, _| {
        Ok(items(on).map(|items| Value::Array(items.iter().rev().cloned().collect())))
    }),
    ("append", |scope, on, args| {
        let more = values(scope, args)?;
        Ok(items(on).map(|items| Value::Array([items, &more].concat())))
    }),
    ("first", |scope, on, args| end_of(scope, on, args, <[Value]>::first)),
    ("last", |scope, on, args| end_of(scope, on, args, <[Value]>::last)),
    ("take", |scope, on, args| {
        cut(scope, on, args, |items, count| items.iter().take(count).cloned().collect())
    }),
    ("skip", |scope, on, args| {
        cut(scope, on, args, |items, count| items.iter().skip(count).cloned().collect())
    }),
    ("any", |scope, on, args| {
        Ok(tests(scope, on, args)?.map(|found| Value::Bool(found.iter().any(|test| *test))))
    }),
    ("all", |scope, on, args| {
        Ok(tests(scope, on, args)?.map(|found| Value::Bool(found.iter().all(|test| *test))))
    }),
    ("sum", |_, on, _| {
        let Some(items) = items(on) else { return Ok(None) };
        items.iter().try_fold(Value::from(0), |sum, item| plus(&sum, item)).map(Some)
    }),
    ("max", |_, on, _| Ok(items(on).and_then(|items| extreme(items, true)))),
    ("min", |_, on, _| Ok(items(on).and_then(|items| extreme(items, false)))),
    ("aggregate", aggregate),
    ("orderBy", order_by),
    ("groupBy", group_by),
    ("zip", |scope, on, args| {
        let (Some(left), Some(right)) = (items(on), args.first()) else { return Ok(None) };
        let right = scope.value(&right.value)?;
        let pairs = left.iter().zip(items(&right).unwrap_or_default());
        Ok(Some(pairs.map(|(a, b)| Value::Array(vec![a.clone(), b.clone()])).collect()))
    }),
    ("enumerate", |_, on, _| {
        let pair = |(at, item): (usize, &Value)| Value::Array(vec![at.into(), item.clone()]);
        Ok(items(on).map(|items| items.iter().enumerate().map(pair).collect()))
    }),
    ("toDict", |scope, on, args| {
        let (Some(items), Some(key)) = (items(on), args.first()) else { return Ok(None) };
        let pair = |item: &Value| {
            let key = key_text(&scope.apply(&key.value, &[item])?);
            let value = args.get(1).map(|value| scope.apply(&value.value, &[item])).transpose()?;
            Ok((key, value.unwrap_or_else(|| item.clone())))
        };
        Ok(Some(Value::Object(items.iter().map(pair).collect::<Result<_>>()?)))
    }),
    ("defaultIfEmpty", |scope, on, args| match (items(on), args.first()) {
        (Some([]), Some(default)) => scope.value(&default.value).map(Some),
        (Some(_), Some(_)) => Ok(Some(on.clone())),
        (_, _) => Ok(None),
    }),
    // Lists, maps and texts.
    ("len", |_, on, _| Ok(length(on).map(Value::from))),
    ("contains", |scope, on, args| Ok(contains(on, &only(scope, args)?))),
    ("indexOf", |scope, on, args| {
        let wanted = only(scope, args)?;
        let at = match (on, &wanted) {
            (Value::Array(items), _) => items.iter().position(|item| python::equal(item, &wanted)),
            (Value::String(text), Value::String(piece)) => {
                text.find(piece).and_then(|at| Some(text.get(..at)?.chars().count()))
            }
            _ => return Ok(None),
        };
        Ok(Some(at.map_or(Value::from(-1), Value::from)))
    }),
    // Maps.
    ("get", |scope, on, args| {
        let (Value::Object(members), Some(key)) = (on, args.first()) else { return Ok(None) };
        let found = members.get(&key_text(&scope.value(&key.value)?)).cloned();
        let default = args.get(1).map(|default| scope.value(&default.value)).transpose()?;
        Ok(Some(found.or(default).unwrap_or(Value::Null)))
    }),
    ("keys", |_, on, _| {
        Ok(members(on).map(|members| members.keys().map(|key| Value::from(key.as_str())).collect()))
    }),
    ("values", |_, on, _| Ok(members(on).map(|members| members.values().cloned().collect()))),
    ("items", |_, on, _| {
        let pair = |(key, value): (&String, &Value)| {
            Value::Array(vec![Value::from(key.as_str()), value.clone()])
        };
        Ok(members(on).map(|members| members.iter().map(pair).collect()))
    }),
    ("containsKey", |scope, on, args| {
        let key = key_text(&only(scope, args)?);
        Ok(members(on).map(|members| Value::Bool(members.contains_key(&key))))
    }),
    ("set", |scope, on, args| {
        let (Value::Object(members), [key, value]) = (on, args) else { return Ok(None) };
        let mut changed = members.clone();
        changed.insert(key_text(&scope.value(&key.value)?), scope.value(&value.value)?);
        Ok(Some(Value::Object(changed)))
    }),
    ("delete", |scope, on, args| {
        let Some(mut left) = members(on).cloned() else { return Ok(None) };
        for key in values(scope, args)? {
            left.shift_remove(&key_text(&key));
        }
        Ok(Some(Value::Object(left)))
    }),
    ("mergeWith", |scope, on, args| {
        let other = args.first().map(|other| scope.value(&other.value)).transpose()?;
        match (on, other) {
            (Value::Object(one), Some(Value::Object(other))) => Ok(Some(merged(one, &other))),
            (_, _) => Ok(None),
        }
    }),
    // Texts.
    ("split", |scope, on, args| split(scope, on, args, false)),
    ("rightSplit", |scope, on, args| split(scope, on, args, true)),
    ("join", |scope, on, args| {
        let other = only(scope, args)?;
        Ok(match (on, &other) {
            (Value::Array(items), Value::String(between))
            | (Value::String(between), Value::Array(items)) => {
                let texts: Vec<_> = items.iter().map(python::text).collect();
                Some(Value::String(texts.join(between)))
            }
            _ => None,
        })
    }),
    ("replace", |scope, on, args| {
        let parts = values(scope, args)?;
        Ok(match (on, parts.as_slice()) {
            (Value::String(text), [Value::String(old), Value::String(new)]) => {
                Some(Value::String(text.replace(old, new)))
            }
            _ => None,
        })
    }),
    ("toUpper", |_, on, _| Ok(on.as_str().map(|text| text.to_uppercase().into()))),
    ("toLower", |_, on, _| Ok(on.as_str().map(|text| text.to_lowercase().into()))),
    ("trim", |_, on, _| Ok(on.as_str().map(|text| text.trim().into()))),
    ("matches", |scope, on, args| {
        compare(scope, on, args, |text, pattern| {
            let regex = Regex::new(pattern).ok();
            regex.is_some_and(|regex| regex.is_match(text).unwrap_or(false))
        })
    }),
    ("startsWith", |scope, on, args| compare(scope, on, args, |text, part| text.starts_with(part))),
    ("endsWith", |scope, on, args| compare(scope, on, args, |text, part| text.ends_with(part))),
];

/// The function of that name.
pub(super) fn function(name: &str) -> Option<Function> {
    FUNCTIONS.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
}

/// The method of that name.
pub(super) fn method(name: &str) -> Option<Method> {
    METHODS.iter().find(|(known, _)| *known == name).map(|(_, method)| *method)
}

fn as_function(name: &str, scope: &Scope<'_>, args: &[Argument]) -> Result<Value> {
    let unfit = || Error::value(format!("No function \"{name}\" matches supplied arguments"));
    let (first, rest) = args.split_first().ok_or_else(unfit)?;
    let method = method(name).ok_or_else(unfit)?;
    method(scope, &scope.value(&first.value)?, rest)?.ok_or_else(unfit)
}

fn values(scope: &Scope<'_>, args: &[Argument]) -> Result<Vec<Value>> {
    args.iter().map(|argument| scope.value(&argument.value)).collect()
}

/// The first argument; null without one.
fn only(scope: &Scope<'_>, args: &[Argument]) -> Result<Value> {
    args.first().map_or(Ok(Value::Null), |argument| scope.value(&argument.value))
}

fn items(value: &Value) -> Option<&[Value]> {
    value.as_array().map(Vec::as_slice)
}

fn members(value: &Value) -> Option<&Map<String, Value>> {
    value.as_object()
}

fn length(value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => Some(text.chars().count()),
        Value::Array(items) => Some(items.len()),
        Value::Object(members) => Some(members.len()),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// What `keep` makes of every item and what the argument comes to with it as `$`.
fn each(
    scope: &Scope<'_>,
    on: &Value,
    args: &[Argument],
    keep: impl Fn(Value, Option<Value>) -> Option<Value>,
) -> Result<Option<Value>> {
    let Some(items) = items(on) else { return Ok(None) };
    let mut kept = Vec::new();
    for item in items {
        let value = args.first().map(|argument| scope.apply(&argument.value, &[item]));
        kept.extend(keep(item.clone(), value.transpose()?));
    }
    Ok(Some(Value::Array(kept)))
}

/// What the argument says of every item; without one, that it is there.
fn tests(scope: &Scope<'_>, on: &Value, args: &[Argument]) -> Result<Option<Vec<bool>>> {
    let Some(items) = items(on) else { return Ok(None) };
    let test = |item: &Value| match args.first() {
        Some(argument) => Ok(python::truth(&scope.apply(&argument.value, &[item])?)),
        None => Ok(true),
    };
    items.iter().map(test).collect::<Result<_>>().map(Some)
}

/// The items of the lists in a list, to the bottom if it is deep.
fn flat(value: &Value, deep: bool) -> Value {
    let mut found = Vec::new();
    for item in items(value).unwrap_or_default() {
        match item {
            Value::Array(_) if deep => {
                found.extend(items(&flat(item, true)).unwrap_or_default().to_vec());
            }
            Value::Array(inner) => found.extend(inner.clone()),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object(_) => {
                found.push(item.clone());
            }
        }
    }
    Value::Array(found)
}

fn unique(items: &[Value]) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for item in items {
        if found.iter().all(|known| !python::equal(known, item)) {
            found.push(item.clone());
        }
    }
    found
}

fn end_of(
    scope: &Scope<'_>,
    on: &Value,
    args: &[Argument],
    end: fn(&[Value]) -> Option<&Value>,
) -> Result<Option<Value>> {
    let Some(items) = items(on) else { return Ok(None) };
    match (end(items), args.first()) {
        (Some(item), _) => Ok(Some(item.clone())),
        (None, Some(default)) => scope.value(&default.value).map(Some),
        (None, None) => Err(Error::value("")),
    }
}

fn cut(
    scope: &Scope<'_>,
    on: &Value,
    args: &[Argument],
    part: fn(&[Value], usize) -> Vec<Value>,
) -> Result<Option<Value>> {
    let count = only(scope, args)?.as_u64().and_then(|count| usize::try_from(count).ok());
    Ok(items(on).zip(count).map(|(items, count)| Value::Array(part(items, count))))
}

fn extreme(items: &[Value], largest: bool) -> Option<Value> {
    let better = |a: &Value, b: &Value| {
        order(a, b).is_some_and(|found| found.is_gt() == largest && found.is_ne())
    };
    items.iter().cloned().reduce(|best, item| if better(&item, &best) { item } else { best })
}

fn aggregate(scope: &Scope<'_>, on: &Value, args: &[Argument]) -> Result<Option<Value>> {
    let (Some(items), Some(step)) = (items(on), args.first()) else { return Ok(None) };
    let mut items = items.iter();
    let first = match args.get(1) {
        Some(seed) => Some(scope.value(&seed.value)?),
        None => items.next().cloned(),
    };
    let Some(first) = first else { return Ok(Some(Value::Null)) };
    items.try_fold(first, |sum, item| scope.apply(&step.value, &[&sum, item])).map(Some)
}

/// The items with what the argument comes to for each.
fn keyed<'v>(
    scope: &Scope<'_>,
    on: &'v Value,
    by: &Expression,
) -> Result<Option<Vec<(Value, &'v Value)>>> {
    let Some(items) = items(on) else { return Ok(None) };
    items.iter().map(|item| Ok((scope.apply(by, &[item])?, item))).collect::<Result<_>>().map(Some)
}

fn order_by(scope: &Scope<'_>, on: &Value, args: &[Argument]) -> Result<Option<Value>> {
    let Some(by) = args.first() else { return Ok(None) };
    let Some(mut keyed) = keyed(scope, on, &by.value)? else { return Ok(None) };
    keyed.sort_by(|(a, _), (b, _)| order(a, b).unwrap_or(std::cmp::Ordering::Equal));
    Ok(Some(keyed.into_iter().map(|(_, item)| item.clone()).collect()))
}

fn group_by(scope: &Scope<'_>, on: &Value, args: &[Argument]) -> Result<Option<Value>> {
    let Some(by) = args.first() else { return Ok(None) };
    let Some(keyed) = keyed(scope, on, &by.value)? else { return Ok(None) };
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    for (key, item) in keyed {
        let value = args.get(1).map(|value| scope.apply(&value.value, &[item])).transpose()?;
        let value = value.unwrap_or_else(|| item.clone());
        match groups.iter_mut().find(|(known, _)| python::equal(known, &key)) {
            Some((_, group)) => group.push(value),
            None => groups.push((key, vec![value])),
        }
    }
    let pair = |(key, group)| Value::Array(vec![key, Value::Array(group)]);
    Ok(Some(groups.into_iter().map(pair).collect()))
}

/// `dict(key => value, …)`, or of a list of pairs.
fn dict(scope: &Scope<'_>, args: &[Argument]) -> Result<Value> {
    if let [Argument { key: None, value }] = args {
        let pairs = scope.value(value)?;
        let pair = |pair: &Value| match items(pair) {
            Some([key, value]) => Ok((key_text(key), value.clone())),
            Some(_) | None => Err(Error::value("No function \"dict\" matches supplied arguments")),
        };
        let pairs = items(&pairs).unwrap_or_default().iter().map(pair);
        return Ok(Value::Object(pairs.collect::<Result<_>>()?));
    }
    let pair = |Argument { key, value }: &Argument| {
        let key = key.as_ref().map(|key| scope.value(key)).transpose()?.unwrap_or(Value::Null);
        Ok((key_text(&key), scope.value(value)?))
    };
    Ok(Value::Object(args.iter().map(pair).collect::<Result<_>>()?))
}

fn range(scope: &Scope<'_>, args: &[Argument]) -> Result<Value> {
    let ends = values(scope, args)?;
    let (start, stop) = match ends.as_slice() {
        [stop] => (0, python::int(stop)),
        [start, stop, ..] => (python::int(start).unwrap_or(0), python::int(stop)),
        [] => (0, None),
    };
    let stop =
        stop.ok_or_else(|| Error::value("No function \"range\" matches supplied arguments"))?;
    // One more than allowed is enough to be refused.
    Ok((start..stop).take(MAX_ITEMS + 1).map(Value::from).collect())
}

/// Maps are merged to the bottom, lists keep each item once.
fn merged(one: &Map<String, Value>, other: &Map<String, Value>) -> Value {
    let mut whole = one.clone();
    for (key, value) in other {
        let joined = match (whole.get(key), value) {
            (Some(Value::Object(a)), Value::Object(b)) => merged(a, b),
            (Some(Value::Array(a)), Value::Array(b)) => {
                Value::Array(unique(&[a.as_slice(), b].concat()))
            }
            (_, value) => value.clone(),
        };
        whole.insert(key.clone(), joined);
    }
    Value::Object(whole)
}

/// The pieces of a text; a second argument is how many times it is cut, from the right if so.
fn split(
    scope: &Scope<'_>,
    on: &Value,
    args: &[Argument],
    from_right: bool,
) -> Result<Option<Value>> {
    let parts = values(scope, args)?;
    let (Some(text), Some(between)) = (on.as_str(), parts.first().and_then(Value::as_str)) else {
        return Ok(None);
    };
    if between.is_empty() {
        return Err(Error::value("empty separator"));
    }
    let cuts = parts.get(1).and_then(Value::as_u64).and_then(|cuts| usize::try_from(cuts).ok());
    let pieces: Vec<&str> = match cuts {
        None => text.split(between).collect(),
        Some(cuts) if from_right => {
            let mut pieces: Vec<_> = text.rsplitn(cuts + 1, between).collect();
            pieces.reverse();
            pieces
        }
        Some(cuts) => text.splitn(cuts + 1, between).collect(),
    };
    Ok(Some(pieces.into_iter().map(Value::from).collect()))
}

/// Whether one of the arguments and the text pass the test.
fn compare(
    scope: &Scope<'_>,
    on: &Value,
    args: &[Argument],
    passes: fn(&str, &str) -> bool,
) -> Result<Option<Value>> {
    let parts = values(scope, args)?;
    let any = |whole| parts.iter().filter_map(Value::as_str).any(|part| passes(whole, part));
    Ok(on.as_str().map(|whole| Value::Bool(any(whole))))
}
