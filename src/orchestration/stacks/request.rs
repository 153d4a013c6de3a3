//! The body of a request for a stack: the edge where spellings and strategies end.
//!
//! Called by `api.rs`. Decides nothing that needs the database; what is wrong is refused with
//! Heat's sentences.

use std::collections::HashMap;
use std::sync::Arc;

use kit::error::{Error, Result};
use serde_json::{Map, Value};

use super::adoption;
use super::model::{Source, Stack};
use crate::stack_exports::model::Entries;
use crate::template::{Environment, Sources, Template};

/// The longest tag.
const MAX_TAG: usize = 80;

/// A stack that is asked for.
#[derive(Clone, Debug)]
pub(crate) struct NewStack {
    pub(crate) name: String,
    pub(crate) source: Source,
    pub(crate) tags: Vec<String>,
    pub(crate) timeout_mins: Option<i64>,
    pub(crate) disable_rollback: bool,
    /// What another stack has left, to be taken over.
    pub(crate) left: Option<Entries>,
}

/// Reads the body of `POST /stacks`.
pub(crate) fn new_stack(body: &Value) -> Result<NewStack> {
    let name = body.get("stack_name").and_then(Value::as_str);
    let name = name.ok_or_else(|| Error::bad_request("No stack name specified"))?.to_owned();
    if body.get("converge").is_some_and(|flag| flag == &Value::Bool(true)) {
        return Err(Error::bad_request(
            "converge flag only supported in stack update (or update preview) request.",
        ));
    }
    let adopted = adoption::read(body)?;
    let (whole, left) = adopted.map_or((None, None), |(whole, left)| (Some(whole), Some(left)));
    Ok(NewStack {
        source: source(whole.as_ref().unwrap_or(body))?,
        left,
        tags: tags(body)?,
        timeout_mins: timeout(body)?,
        disable_rollback: flag(body, "disable_rollback")?.unwrap_or(true),
        name,
    })
}

/// What a stack is to become.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) source: Source,
    pub(crate) tags: Vec<String>,
    pub(crate) timeout_mins: Option<i64>,
    pub(crate) disable_rollback: bool,
}

/// Reads the body of `PUT`, which replaces everything, or of `PATCH`, which keeps what it does
/// not name.
pub(crate) fn change(body: &Value, stack: &Stack, keep: bool) -> Result<Change> {
    let source = if keep { patched(body, &stack.source)? } else { source(body)? };
    let keeps_tags = keep && body.get("tags").is_none_or(Value::is_null);
    Ok(Change {
        source,
        tags: if keeps_tags { stack.tags.clone() } else { tags(body)? },
        timeout_mins: timeout(body)?.or(stack.timeout_mins),
        disable_rollback: flag(body, "disable_rollback")?.unwrap_or(stack.disable_rollback),
    })
}

/// The part of a registry that is for single resources.
const RESOURCES: &str = "resources";

/// What the stack is made of, with what the body names in its place.
fn patched(body: &Value, old: &Source) -> Result<Source> {
    let mut whole = body.clone();
    let Value::Object(members) = &mut whole else { return Ok(old.clone()) };
    let kept = members.entry("template").or_insert(Value::Null);
    if kept.is_null() {
        kept.clone_from(&old.template);
    }
    let mut all_files: Map<String, Value> =
        old.files.iter().map(|(name, text)| (name.clone(), text.as_str().into())).collect();
    all_files.extend(members.get("files").and_then(Value::as_object).cloned().unwrap_or_default());
    members.insert("files".to_owned(), Value::Object(all_files));
    let mut new = Source { kept: old.kept.clone(), ..source(&whole)? };
    let cleared: Vec<&str> = body
        .get("clear_parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for section in ["parameters", "parameter_defaults", "resource_registry"] {
        let mut merged = old.environment.get(section).and_then(Value::as_object).cloned();
        if let Some(members) = &mut merged {
            members.retain(|name, _| section != "parameters" || !cleared.contains(&name.as_str()));
            let given = new.environment.get(section).and_then(Value::as_object).cloned();
            let mut given = given.unwrap_or_default();
            // Rows for single resources are added to those that there are.
            if let (Some(Value::Object(rows)), Some(Value::Object(more))) =
                (members.get_mut(RESOURCES), given.get_mut(RESOURCES))
            {
                rows.append(more);
                more.clone_from(rows);
            }
            members.extend(given);
        }
        if let (Some(merged), Value::Object(sections)) = (merged, &mut new.environment) {
            sections.insert(section.to_owned(), Value::Object(merged));
        }
    }
    Ok(new)
}

/// What the stack is made of: template, files, and the environments merged.
fn source(body: &Value) -> Result<Source> {
    let missing = || Error::bad_request("No template specified");
    let given = body.get("template").filter(|template| !template.is_null());
    let files = files(body);
    let shared = Arc::new(files.clone());
    let template = Template::parse(given.ok_or_else(missing)?, &shared)?;
    let names: Vec<String> = match body.get("environment_files") {
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        Some(_) | None => Vec::new(),
    };
    let sources = Sources {
        environment: body.get("environment").filter(|given| !given.is_null()),
        parameters: body.get("parameters").and_then(Value::as_object),
        environment_files: &names,
        files: &shared,
    };
    let environment = Environment::of_request(&sources, &template.all_declarations())?;
    Ok(Source {
        template: template.to_value(),
        files,
        environment: environment.to_value(),
        ..Source::default()
    })
}

fn files(body: &Value) -> HashMap<String, String> {
    let files = body.get("files").and_then(Value::as_object).into_iter().flat_map(Map::iter);
    files.filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned()))).collect()
}

fn timeout(body: &Value) -> Result<Option<i64>> {
    let wrong = || Error::bad_request("Only integer is acceptable by 'timeout_mins'.");
    match body.get("timeout_mins") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => text.parse().map(Some).map_err(|_| wrong()),
        Some(value) => value.as_i64().map(Some).ok_or_else(wrong),
    }
}

/// A boolean, maybe as text.
pub(crate) fn flag(body: &Value, name: &str) -> Result<Option<bool>> {
    let text = match body.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Bool(flag)) => return Ok(Some(*flag)),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    truth(&text, name).map(Some)
}

/// What a word says of the flag of that name.
pub(crate) fn truth(word: &str, name: &str) -> Result<bool> {
    match word.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Error::bad_request(format!(
            "Unrecognized value \"{word}\" for \"{name}\", acceptable values are: true, false"
        ))),
    }
}

/// Tags, separated by commas.
fn tags(body: &Value) -> Result<Vec<String>> {
    let text = match body.get("tags") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::String(text)) => text,
        // Heat: Python's own complaint, without a sentence.
        Some(_) => return Err(Error::bad_request("").tag("AttributeError")),
    };
    let tags: Vec<String> = text.split(',').map(|tag| tag.trim().to_owned()).collect();
    match tags.iter().find(|tag| tag.chars().count() > MAX_TAG) {
        Some(tag) => Err(Error::bad_request(format!(
            "Invalid tag, \"{tag}\" is longer than {MAX_TAG} characters"
        ))),
        None => Ok(tags.into_iter().filter(|tag| !tag.is_empty()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refusal(body: &Value) -> String {
        new_stack(body).unwrap_err().public
    }

    fn body(more: &[(&str, Value)]) -> Value {
        let mut body = json!({"stack_name": "s", "template": {"heat_template_version": "rocky"}});
        for (name, value) in more {
            body[*name] = value.clone();
        }
        body
    }

    #[test]
    fn a_stack_has_a_name_and_a_template() {
        assert_eq!(refusal(&json!({})), "No stack name specified");
        assert_eq!(refusal(&json!({"stack_name": "s"})), "No template specified");
    }

    #[test]
    fn odd_values_are_refused_in_heats_words() {
        assert_eq!(
            refusal(&body(&[("timeout_mins", json!("soon"))])),
            "Only integer is acceptable by 'timeout_mins'."
        );
        assert_eq!(
            refusal(&body(&[("disable_rollback", json!("perhaps"))])),
            "Unrecognized value \"perhaps\" for \"disable_rollback\", acceptable values are: \
             true, false"
        );
        assert!(refusal(&body(&[("tags", json!("a".repeat(81)))])).ends_with("80 characters"));
    }

    #[test]
    fn rollback_is_off_unless_it_is_asked_for() {
        assert!(new_stack(&body(&[])).unwrap().disable_rollback);
        let asked = body(&[("disable_rollback", json!("False")), ("tags", json!("a, b"))]);
        let stack = new_stack(&asked).unwrap();
        assert!(!stack.disable_rollback);
        assert_eq!(stack.tags, ["a", "b"]);
    }
}
