//! `str_replace` and its strict forms, and `Fn::Replace`: texts put in place of keys.

use serde_json::{Map, Value};

use super::Intrinsic;
use crate::template::error::{Error, Result};
use crate::template::python;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome, Snippet};

/// What a version or name makes of it.
#[derive(Debug)]
pub(super) struct Replace {
    /// The arguments are a list, not a map.
    positional: bool,
    /// Lists and maps are put in as JSON.
    json: bool,
    demands: Demands,
}

/// What must be true of the keys and values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Demands {
    Nothing,
    /// Every key occurs.
    AllUsed,
    /// And no value is empty.
    AllUsedAndFilled,
}

pub(super) static PLAIN: Replace =
    Replace { positional: false, json: false, demands: Demands::Nothing };
pub(super) static JSON: Replace = Replace { json: true, ..PLAIN };
pub(super) static STRICT: Replace = Replace { demands: Demands::AllUsed, ..JSON };
pub(super) static VERY_STRICT: Replace = Replace { demands: Demands::AllUsedAndFilled, ..JSON };
pub(super) static FN_REPLACE: Replace = Replace { positional: true, ..PLAIN };

impl Intrinsic for Replace {
    fn description(&self) -> &'static str {
        "A function for performing string substitutions."
    }

    fn check(&self, call: &Call) -> Result<()> {
        let (params, _) = self.parts(call)?;
        if params.as_map().is_none() && !params.is_call() {
            let sentence = format!("\"{}\" parameters must be a mapping", call.name);
            return Err(Error::kind(sentence));
        }
        Ok(())
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let name = &call.name;
        let (params, template) = self.parts(call)?;
        let (template, params) = (template.value(context)?, params.value(context)?);
        let Value::String(template) = template else {
            return Err(Error::kind(format!("\"{name}\" template must be a string")).into());
        };
        let Value::Object(params) = params else {
            return Err(Error::kind(format!("\"{name}\" params must be a map")).into());
        };
        let pairs = self.pairs(name, &params)?;
        let mut used = vec![false; pairs.len()];
        let text = replace(&template, &pairs, &mut used);
        let unused = pairs.iter().zip(&used).filter(|(_, used)| !**used).map(|((key, _), _)| *key);
        let unused: Vec<_> = unused.collect();
        if self.demands >= Demands::AllUsed && !unused.is_empty() {
            let keys = unused.join(",");
            let sentence = format!("The following params were not found in the template: {keys}");
            return Err(Error::value(sentence).into());
        }
        Ok(Value::String(text))
    }
}

impl Replace {
    /// The parameters and the template.
    fn parts<'c>(&self, call: &'c Call) -> Result<(&'c Snippet, &'c Snippet)> {
        let name = &call.name;
        if self.positional {
            let sentence = format!(
                "Incorrect arguments to \"{name}\" should be: {{\"{name}\": [ {{\"$var1\": \
                 \"foo\", \"%var2%\": \"bar\"}}, \"$var1 is %var2%\"]}}"
            );
            return match call.exactly() {
                Some([params, template]) => Ok((params, template)),
                None if call.args.as_list().is_some() => Err(Error::value(sentence)),
                None => Err(Error::kind(sentence)),
            };
        }
        if call.args.as_map().is_none() {
            return Err(Error::kind(format!("Arguments to \"{name}\" must be a map")));
        }
        match (call.args.get("params"), call.args.get("template")) {
            (Some(params), Some(template)) => Ok((params, template)),
            _ => Err(Error::key(&format!(
                "\"{name}\" syntax should be {name}:\n              template: This is var1 \
                 template var2\n              params:\n                var1: a\n                \
                 var2: string"
            ))),
        }
    }

    /// Keys and texts: longer keys first, equally long ones in their order.
    fn pairs<'p>(
        &self,
        name: &str,
        params: &'p Map<String, Value>,
    ) -> Result<Vec<(&'p str, String)>> {
        let mut pairs = params
            .iter()
            .map(|(key, value)| Ok((key.as_str(), self.text(name, key, value)?)))
            .collect::<Result<Vec<_>>>()?;
        pairs.sort_by(|(a, _), (b, _)| {
            b.chars().count().cmp(&a.chars().count()).then_with(|| a.cmp(b))
        });
        Ok(pairs)
    }

    fn text(&self, name: &str, key: &str, value: &Value) -> Result<String> {
        let filled = self.demands == Demands::AllUsedAndFilled;
        let structured = value.is_array() || value.is_object();
        if structured && !self.json {
            return Err(Error::kind(format!(
                "\"{name}\" params must be strings or numbers, param {key} is not valid"
            )));
        }
        let empty = value.is_null() || (structured && filled && !python::truth(value));
        let text = match (empty, structured) {
            (true, _) => String::new(),
            (false, true) => python::dumps_sorted(value),
            (false, false) => python::text(value),
        };
        if filled && text.is_empty() {
            return Err(Error::value(format!(
                "{name} has an undefined or empty value for param {key}, must be a defined \
                 non-empty value"
            )));
        }
        Ok(text)
    }
}

/// Replaces the first key, then in the pieces between its places the next: what was put in is
/// never looked at again.
fn replace(text: &str, pairs: &[(&str, String)], used: &mut [bool]) -> String {
    let (Some(((key, value), pairs)), Some((found, used))) =
        (pairs.split_first(), used.split_first_mut())
    else {
        return text.to_owned();
    };
    if key.is_empty() {
        return replace(text, pairs, used);
    }
    let pieces: Vec<_> = text.split(key).map(|piece| replace(piece, pairs, used)).collect();
    *found |= pieces.len() > 1;
    pieces.join(value)
}
