//! `yaql: {expression: …, data: …}`: an expression over data, in the subset that templates use.
//!
//! | there is | |
//! |---|---|
//! | values | numbers, texts, `true` `false` `null`, bare words, `[…]`, `{key => value}`, `$`, `$name` |
//! | access | `a.b` (of a list: of each item), `a?.b`, `a[0]`, `a["b"]` |
//! | operators | `+ - * / mod`, `= != < <= > >=`, `in`, `not`, `and`, `or`, `let(name => …) -> …` |
//! | functions and methods | the rows of [`methods`] |
//!
//! Regular expressions as values, `=~`, `def` and the functions of dates are not there. As in
//! Heat, no list that an expression makes has more than [`MAX_ITEMS`] items and no text more than
//! [`MAX_BYTES`] bytes; the work that one expression may do is bounded besides.

mod evaluate;
mod methods;
mod parse;
#[cfg(test)]
mod tests;

use kit::http::pyrepr::Quoted;
use serde_json::{Map, Value};

use super::Intrinsic;
use crate::template::error::{Error, Result};
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome, Snippet};

/// The longest list that an expression may make.
const MAX_ITEMS: usize = 200;
/// The longest text that an expression may make.
const MAX_BYTES: usize = 10_000;
/// How many values are looked at, made or copied, with all that is in them.
const MAX_WORK: usize = 2_000_000;
/// How deep expressions nest.
const MAX_DEPTH: usize = 50;

#[derive(Debug)]
pub(super) struct Yaql;

impl Intrinsic for Yaql {
    fn description(&self) -> &'static str {
        "A function for executing a yaql expression."
    }

    fn check(&self, call: &Call) -> Result<()> {
        let name = &call.name;
        let Some(members) = call.args.as_map() else {
            return Err(Error::kind(format!("Arguments to \"{name}\" must be a map.")));
        };
        let known = |(key, _): &(String, Snippet)| key == "expression" || key == "data";
        if members.iter().all(known) && call.args.get("expression").is_some() {
            return Ok(());
        }
        Err(Error::key(&format!(
            "\"{name}\" syntax should be {name}:\n              expression: \
             $.data.var1.sum()\n              data:\n                var1: [3, 2, 1]"
        )))
    }

    fn validate(&self, call: &Call, context: &Context<'_>) -> Result<()> {
        call.validate_arguments(context)?;
        match call.args.get("expression") {
            None | Some(Snippet::Call(_)) => Ok(()),
            Some(expression) => parsed(&call.name, &expression.to_value()).map(|_| ()),
        }
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let argument = |key, absent| match call.args.get(key) {
            Some(argument) => argument.value(context),
            None => Ok(absent),
        };
        let expression = parsed(&call.name, &argument("expression", Value::Null)?)?;
        let data = argument("data", Value::Object(Map::new()))?;
        let root = Value::Object(Map::from_iter([("data".to_owned(), data)]));
        Ok(evaluate::run(&expression, root)?)
    }
}

fn parsed(name: &str, expression: &Value) -> Result<parse::Expression> {
    let text = expression.as_str().ok_or_else(|| {
        Error::kind(format!("The \"expression\" argument to {name} must contain a string."))
    })?;
    parse::expression(text).map_err(|fault| {
        let sentence = match fault {
            Some((token, at)) => {
                let shown = Quoted(&token);
                format!("Parse error: unexpected {shown} at position {at} of expression '{text}'")
            }
            None => "Parse error: unexpected end of statement".to_owned(),
        };
        Error::value(format!("Bad expression {sentence}."))
    })
}
