//! Parameter groups: each names parameters of the template, and none names one of another.

use serde_json::Value;

use super::error::{Error, Result};
use super::python;

const SECTION: &str = "parameter_groups";

/// Says what is wrong with the groups. `known` tells whether a parameter is there.
pub(crate) fn check(groups: &Value, known: &dyn Fn(&str) -> bool) -> Result<()> {
    let Value::Array(groups) = groups else {
        return Err(refusal("", format!("The {SECTION} should be a list.")));
    };
    let mut taken = Vec::new();
    for group in groups {
        let label = group.get("label").map(python::text).unwrap_or_default();
        for name in parameters(group, &label)? {
            if taken.contains(&name) {
                return Err(refusal(
                    &label,
                    format!("The {name} parameter must be assigned to one parameter group only."),
                ));
            }
            if !known(&name) {
                return Err(refusal(
                    &label,
                    format!("The grouped parameter {name} does not reference a valid parameter."),
                ));
            }
            taken.push(name);
        }
    }
    Ok(())
}

fn parameters(group: &Value, label: &str) -> Result<Vec<String>> {
    match group.get("parameters") {
        None | Some(Value::Null) => Err(refusal(
            label,
            "The parameters must be provided for each parameter group.".to_owned(),
        )),
        Some(Value::Array(names)) => Ok(names.iter().map(python::text).collect()),
        Some(_) => {
            Err(refusal(label, "The parameters of parameter group should be a list.".to_owned()))
        }
    }
}

fn refusal(label: &str, sentence: String) -> Error {
    let place = [SECTION, label].into_iter().filter(|step| !step.is_empty());
    Error::validation(sentence).within(place).titled("Parameter Groups error")
}
