//! `Fn::MemberListToMap: [key, value, list]`: a map of the way in which EC2's API numbers pairs.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Intrinsic;
use crate::template::error::{Error, Result};
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

#[derive(Debug)]
pub(super) struct MemberListToMap;

impl Intrinsic for MemberListToMap {
    fn description(&self) -> &'static str {
        "A function to convert lists with enumerated keys and values to mapping."
    }

    fn check(&self, call: &Call) -> Result<()> {
        let name = &call.name;
        let Some([key, value, _]) = call.exactly() else {
            return Err(Error::kind(
                "Wrong Arguments try: \"\n            {'Fn::MemberListToMap': ['Name', 'Value',\n                                     \
                 ['.member.0.Name=key',\n                                      \
                 '.member.0.Value=door']]}\n            \"",
            ));
        };
        if !key.is_text() {
            return Err(Error::kind(format!("{name} Key Name must be a string")));
        }
        if !value.is_text() {
            return Err(Error::kind(format!("{name} Value Name must be a string")));
        }
        Ok(())
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let Some([key, value, list]) = call.exactly() else { return Ok(Value::Null) };
        let (key, value) = (key.as_str().unwrap_or_default(), value.as_str().unwrap_or_default());
        let Value::Array(items) = list.value(context)? else {
            return Err(Error::kind("Member list must be a list").into());
        };
        let mut members: BTreeMap<u64, BTreeMap<&str, &str>> = BTreeMap::new();
        for item in &items {
            let text = item.as_str();
            let text = text.ok_or_else(|| Error::kind("Member list items must be strings"))?;
            if let Some((index, field, content)) = parts(text) {
                members.entry(index).or_default().insert(field, content);
            }
        }
        let pair = |fields: &BTreeMap<&str, &str>| {
            Some(((*fields.get(key)?).to_owned(), Value::from(*fields.get(value)?)))
        };
        Ok(Value::Object(members.values().filter_map(pair).collect::<Map<_, _>>()))
    }
}

/// `.member.<index>.<field>=<content>`.
fn parts(text: &str) -> Option<(u64, &str, &str)> {
    let (name, content) = text.split_once('=')?;
    let (index, field) = name.strip_prefix(".member.")?.split_once('.')?;
    Some((index.parse().ok()?, field, content))
}
