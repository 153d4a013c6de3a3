//! Several environment files into one, in their order.
//!
//! A file states how its parameters join those before it: by taking their place, by merging maps
//! and joining lists and texts, or by merging maps to the bottom. All files must agree.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::{DEFAULTS, PARAMETERS, STRATEGIES, sections};
use crate::template::constraints::Kind;
use crate::template::error::{Error, Result};
use crate::template::parameters::Declaration;
use crate::template::parse::Files;
use crate::template::python;

/// How two values of a parameter become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strategy {
    Overwrite,
    Merge,
    DeepMerge,
}

static STRATEGY_NAMES: &[(&str, Strategy)] = &[
    ("overwrite", Strategy::Overwrite),
    ("merge", Strategy::Merge),
    ("deep_merge", Strategy::DeepMerge),
];

impl Strategy {
    fn named(name: &Value) -> Option<Self> {
        let known = STRATEGY_NAMES.iter().find(|(known, _)| name.as_str() == Some(*known));
        known.map(|(_, strategy)| *strategy)
    }

    fn name(self) -> &'static str {
        STRATEGY_NAMES.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }

    /// What a file says of a parameter; what an earlier file said counts before its default.
    fn of(stated: &Map<String, Value>, name: &str, agreed: Option<Self>) -> Self {
        let default = || stated.get("default").and_then(Self::named).unwrap_or(Self::Overwrite);
        match stated.get(name) {
            Some(own) => Self::named(own).unwrap_or_else(default),
            None => agreed.unwrap_or_else(default),
        }
    }
}

/// Merges the files into `whole`.
pub(super) fn merge(
    whole: &mut Map<String, Value>,
    names: &[String],
    files: &Files,
    declarations: &IndexMap<String, Declaration>,
) -> Result<()> {
    let mut agreed = IndexMap::new();
    for name in names {
        let text = files.get(name).ok_or_else(|| Error::key(name))?;
        let mut file = sections(&Value::String(text.clone()))?;
        let stated = match file.shift_remove(STRATEGIES) {
            Some(Value::Object(stated)) => stated,
            _ => Map::new(),
        };
        for (section, new) in file.into_iter().filter(|(_, new)| python::truth(new)) {
            let old = whole.shift_remove(&section).filter(python::truth);
            let merged = match (section.as_str(), old, new) {
                (PARAMETERS | DEFAULTS, old, Value::Object(new)) => {
                    agree(&new, &stated, &mut agreed, declarations, name)?;
                    parameters(old, new, &agreed, declarations)?
                }
                (_, Some(Value::Object(old)), Value::Object(new)) => {
                    Value::Object(maps(old, new, false))
                }
                (_, _, new) => new,
            };
            whole.insert(section, merged);
        }
    }
    Ok(())
}

/// Notes the strategy of every parameter of a file; two files that differ are refused.
fn agree(
    new: &Map<String, Value>,
    stated: &Map<String, Value>,
    agreed: &mut IndexMap<String, Strategy>,
    declarations: &IndexMap<String, Declaration>,
    file: &str,
) -> Result<()> {
    let known = |(name, value): &(&String, &Value)| {
        declarations.contains_key(name.as_str()) && !value.is_null()
    };
    for (name, _) in new.iter().filter(known) {
        let strategy = Strategy::of(stated, name, agreed.get(name).copied());
        if *agreed.entry(name.clone()).or_insert(strategy) != strategy {
            return Err(Error::new(
                "ConflictingMergeStrategyForParam",
                format!(
                    "Conflicting merge strategy '{}' for parameter '{name}' in file '{file}'.",
                    strategy.name()
                ),
            ));
        }
    }
    Ok(())
}

/// Heat: the first file's parameters are taken whole, later ones only if a template knows them.
fn parameters(
    old: Option<Value>,
    new: Map<String, Value>,
    agreed: &IndexMap<String, Strategy>,
    declarations: &IndexMap<String, Declaration>,
) -> Result<Value> {
    let Some(Value::Object(mut merged)) = old else { return Ok(Value::Object(new)) };
    for (name, value) in new {
        let Some(declaration) = declarations.get(&name).filter(|_| !value.is_null()) else {
            continue;
        };
        let joined = match agreed.get(&name) {
            Some(strategy @ (Strategy::Merge | Strategy::DeepMerge)) => {
                let deep = *strategy == Strategy::DeepMerge;
                join(merged.get(&name), value, declaration, deep)?
            }
            Some(Strategy::Overwrite) | None => value,
        };
        merged.insert(name, joined);
    }
    Ok(Value::Object(merged))
}

fn join(old: Option<&Value>, new: Value, declaration: &Declaration, deep: bool) -> Result<Value> {
    match declaration.kind {
        Kind::Map => match (old.and_then(|old| json(old).ok()), json(&new)?) {
            (Some(Value::Object(old)), Value::Object(new)) => {
                Ok(Value::Object(maps(old, new, deep)))
            }
            (_, new) => Ok(new),
        },
        Kind::List => Ok(lists(old, new)),
        Kind::String => {
            Ok(Value::String(old.map(python::text).unwrap_or_default() + &python::text(&new)))
        }
        Kind::Integer | Kind::Number | Kind::Boolean | Kind::Any => {
            let name = &declaration.name;
            let sentence = format!("Invalid merge strategy 'merge' for parameter '{name}'.");
            Err(Error::new("InvalidMergeStrategyForParam", sentence))
        }
    }
}

fn json(value: &Value) -> Result<Value> {
    match value.as_str() {
        Some(text) => serde_json::from_str(text)
            .map_err(|error| Error::value(format!("Invalid parameter in environment {error}."))),
        None => Ok(value.clone()),
    }
}

fn maps(mut old: Map<String, Value>, new: Map<String, Value>, deep: bool) -> Map<String, Value> {
    for (key, value) in new.into_iter().filter(|(_, value)| !value.is_null()) {
        let before = old.get(&key).filter(|before| python::truth(before)).cloned();
        let merged = match (before, value) {
            (Some(Value::Object(before)), Value::Object(value)) if deep => {
                Value::Object(maps(before, value, deep))
            }
            (Some(before @ Value::Array(_)), value @ Value::Array(_)) if deep => {
                lists(Some(&before), value)
            }
            (Some(Value::String(before)), Value::String(value)) if deep => {
                Value::String(before + &value)
            }
            (_, value) => value,
        };
        old.insert(key, merged);
    }
    old
}

/// Lists one behind the other; as text with a comma between.
fn lists(old: Option<&Value>, new: Value) -> Value {
    match (old.filter(|old| python::truth(old)), new) {
        (None, new) => new,
        (Some(Value::Array(old)), Value::Array(new)) => Value::Array([old.clone(), new].concat()),
        (Some(old), new) => Value::String(format!("{},{}", python::text(old), python::text(&new))),
    }
}
