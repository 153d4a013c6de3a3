//! `list_join` of one list or of several, and `Fn::Join`.

use kit::http::pyrepr::Repr;
use serde_json::Value;

use super::Intrinsic;
use crate::template::error::{Error, Result};
use crate::template::python;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

/// What a version makes of it.
#[derive(Debug)]
pub(super) struct Join {
    /// It takes several lists, and items that are no text are put in as JSON.
    several: bool,
}

pub(super) static FN_JOIN: Join = Join { several: false };
pub(super) static LIST_JOIN: Join = Join { several: false };
pub(super) static LISTS_JOIN: Join = Join { several: true };

impl Intrinsic for Join {
    fn description(&self) -> &'static str {
        if self.several {
            "A function for joining one or more lists of strings."
        } else {
            "A function for joining strings."
        }
    }

    fn check(&self, call: &Call) -> Result<()> {
        let more = if self.several { " ..." } else { "" };
        let name = &call.name;
        let sentence = format!(
            "Incorrect arguments to \"{name}\" should be: \"{name}\" : [ \" \", [ \"str1\", \
             \"str2\"]{more}]"
        );
        match call.args.as_list() {
            None => Err(Error::kind(sentence)),
            Some([_, _]) => Ok(()),
            Some([_, _, ..]) if self.several => Ok(()),
            Some(_) => Err(Error::value(sentence)),
        }
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let name = &call.name;
        let (delimiter, lists) = call.args.as_list().and_then(|items| items.split_first()).unzip();
        let mut items = Vec::new();
        for list in lists.unwrap_or_default() {
            let list = list.value(context)?;
            // Heat: several lists may be any empty thing, a single one only null.
            let nothing = list.is_null() || (self.several && !python::truth(&list));
            if let Value::Array(more) = list {
                items.extend(more);
            } else if !nothing {
                return Err(Error::kind(format!("\"{name}\" must operate on a list")).into());
            }
        }
        let delimiter = delimiter.map(|delimiter| delimiter.value(context)).transpose()?;
        let Some(Value::String(delimiter)) = delimiter else {
            return Err(Error::kind(format!("\"{name}\" delimiter must be a string")).into());
        };
        let texts = items.iter().map(|item| self.text(item)).collect::<Result<Vec<_>>>()?;
        Ok(Value::String(texts.join(&delimiter)))
    }
}

impl Join {
    fn text(&self, item: &Value) -> Result<String> {
        match item {
            Value::Null => Ok(String::new()),
            Value::String(text) => Ok(text.clone()),
            Value::Array(_) | Value::Object(_) if self.several => Ok(python::dumps_sorted(item)),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                let shown: String = Repr(item).to_string().chars().take(200).collect();
                let wanted = if self.several { "string, map or list" } else { "strings" };
                Err(Error::kind(format!("Items to join must be {wanted} not {shown}")))
            }
        }
    }
}
