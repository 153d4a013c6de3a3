//! The parameters of a query, and what Amazon makes of lists among them. PURE.

use std::collections::BTreeMap;

use kit::error::{Error, Result};
use serde_json::{Map, Value};

/// Parameters as they came.
type Pairs = [(String, String)];

/// One that must be there.
pub(super) fn required<'a>(pairs: &'a Pairs, name: &str) -> Result<&'a str> {
    optional(pairs, name).ok_or_else(|| Error::bad_request(name).tag("MissingParameter"))
}

/// One that may be there; the last of several.
pub(super) fn optional<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The parameters of the template: `Parameters.member.1.ParameterKey` and `….ParameterValue`. One
/// without the other is left out.
pub(super) fn of_template(pairs: &Pairs) -> Map<String, Value> {
    let mut members: BTreeMap<u64, (Option<&str>, Option<&str>)> = BTreeMap::new();
    for (name, value) in pairs {
        let Some((number, word)) =
            name.strip_prefix("Parameters.member.").and_then(|rest| rest.split_once('.'))
        else {
            continue;
        };
        let Ok(number) = number.parse() else { continue };
        let member = members.entry(number).or_default();
        match word {
            "ParameterKey" => member.0 = Some(value),
            "ParameterValue" => member.1 = Some(value),
            _ => {}
        }
    }
    let whole = members.into_values().filter_map(|(key, value)| Some((key?, value?)));
    whole.map(|(key, value)| (key.to_owned(), Value::from(value))).collect()
}

/// The template of a request. Like all templates it is sent along, never fetched.
pub(super) fn template(pairs: &Pairs) -> Result<&str> {
    if let Some(body) = optional(pairs, "TemplateBody") {
        return Ok(body);
    }
    if optional(pairs, "TemplateUrl").is_some() {
        let sentence = "Failed to fetch template: templates are not fetched from elsewhere.";
        return Err(Error::bad_request(sentence));
    }
    let sentence = "TemplateBody or TemplateUrl were not given.";
    Err(Error::bad_request(sentence).tag("MissingParameter"))
}

/// Whether what a failed stack has made is kept; `None` where nothing is said of it.
pub(super) fn disable_rollback(pairs: &Pairs) -> Result<Option<&str>> {
    match (optional(pairs, "DisableRollback"), optional(pairs, "OnFailure")) {
        (Some(_), Some(_)) => {
            let sentence = "DisableRollback and OnFailure may not be used together";
            Err(Error::bad_request(sentence).tag("InvalidParameterCombination"))
        }
        (None, Some("DO_NOTHING")) => Ok(Some("true")),
        (None, Some("ROLLBACK" | "DELETE")) => Ok(Some("false")),
        (given, _) => Ok(given),
    }
}

/// What a stack is called: its name or id, or the id in its ARN
/// (`arn:openstack:heat::PROJECT:stacks/NAME/ID`).
pub(super) fn stack_name(named: &str) -> &str {
    let path =
        named.strip_prefix("arn:openstack:heat:").and_then(|rest| rest.splitn(3, ':').nth(2));
    let id = path.and_then(|path| path.strip_prefix("stacks/")?.split('/').nth(1));
    id.unwrap_or(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(rows: &[(&str, &str)]) -> Vec<(String, String)> {
        rows.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn parameters_of_templates_come_in_halves() {
        let given = pairs(&[
            ("Parameters.member.2.ParameterValue", "b"),
            ("Parameters.member.1.ParameterKey", "one"),
            ("Parameters.member.1.ParameterValue", "a"),
            ("Parameters.member.2.ParameterKey", "two"),
            ("Parameters.member.3.ParameterKey", "half"),
            ("Parameters.member.x.ParameterKey", "odd"),
        ]);
        assert_eq!(Value::Object(of_template(&given)), serde_json::json!({"one": "a", "two": "b"}));
    }

    #[test]
    fn what_becomes_of_a_failed_stack_is_said_once() {
        let read = |rows: &[(&str, &str)]| {
            let pairs = pairs(rows);
            disable_rollback(&pairs).map(|said| said.map(str::to_owned))
        };
        assert_eq!(read(&[("OnFailure", "DO_NOTHING")]).unwrap().as_deref(), Some("true"));
        assert_eq!(read(&[("OnFailure", "ROLLBACK")]).unwrap().as_deref(), Some("false"));
        assert_eq!(read(&[]).unwrap(), None);
        let both = read(&[("OnFailure", "DELETE"), ("DisableRollback", "true")]);
        assert_eq!(both.unwrap_err().tag, "InvalidParameterCombination");
    }

    #[test]
    fn an_arn_names_its_stack_by_id() {
        assert_eq!(stack_name("web"), "web");
        assert_eq!(stack_name("arn:openstack:heat::p:stacks/web/1-2"), "1-2");
        assert_eq!(stack_name("arn:openstack:heat::p"), "arn:openstack:heat::p");
    }
}
