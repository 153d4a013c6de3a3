//! The verdict on a template.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::resources::Catalogue;
use crate::resources::release::{self, is_placeholder};
use crate::stacks::blueprint::Blueprint;
use crate::stacks::children;
use crate::template::{
    Environment, Error, Files, Identity, Mode, Parameters, Result, Sources, Template,
};

/// What a client sends.
pub(super) struct Request {
    pub(super) template: Value,
    pub(super) environment: Option<Value>,
    pub(super) environment_files: Vec<String>,
    pub(super) parameters: Map<String, Value>,
    pub(super) files: Files,
    /// What nested templates ask is told too.
    pub(super) show_nested: bool,
    /// Codes of errors that are no reason to refuse it.
    pub(super) ignored: Vec<String>,
}

/// The one error that can be ignored: the type of a service that is absent.
const UNAVAILABLE: &str = "99001";

/// What a client learns of a template that is right.
pub(super) struct Verdict {
    pub(super) blueprint: Blueprint,
    pub(super) parameters: Parameters,
    /// The environment as it came, with the templates that are types.
    pub(super) environment: Value,
    /// What the templates of its resources ask, if that is wanted.
    pub(super) nested: Vec<Nested>,
    /// Resources of which nothing will be made, with their types.
    pub(super) placeholders: Vec<(String, String)>,
}

/// Refuses a template that no stack can be made of.
pub(super) fn validate(request: Request) -> Result<Verdict> {
    check_ignored(&request.ignored)?;
    let files = Arc::new(request.files);
    let template = Template::parse(&request.template, &files)?;
    let sources = Sources {
        environment: request.environment.as_ref(),
        parameters: Some(&request.parameters),
        environment_files: &request.environment_files,
        files: &files,
    };
    let mut environment = Environment::of_request(&sources, &template.all_declarations())?;
    let identity = Identity { stack_name: "dummy".to_owned(), ..Identity::default() };
    let parameters = template.parameters(&environment, &identity);
    parameters.validate(false)?;
    let mut shown = environment.clone();
    if !request.ignored.is_empty() {
        release::absent().for_each(|name| environment.registry.put(name, "OS::Heat::None"));
    }
    let types = Catalogue::new(&environment, &files);
    let definition = template.define(parameters.clone(), &types)?;
    definition.validate(Mode::Names)?;
    definition.resources().for_each(|row| shown.registry.learn(&row.resource_type));
    let placeholders = definition.resources().filter(|row| is_placeholder(&row.resource_type));
    let placeholders =
        placeholders.map(|row| (row.name.clone(), row.resource_type.clone())).collect();
    let blueprint = Blueprint { template, environment, definition };
    // Heat reads nested templates only if they are to be shown, and validates none of them.
    let nested = if request.show_nested { nested(&blueprint)? } else { Vec::new() };
    let environment = shown.to_value();
    Ok(Verdict { blueprint, parameters, environment, nested, placeholders })
}

/// The same verdict on the template of another stack that a resource wants.
pub(crate) fn check(template: &str, environment: &Environment, files: Files) -> Result<()> {
    let request = Request {
        template: Value::from(template),
        environment: Some(environment.to_value()),
        environment_files: Vec::new(),
        parameters: Map::new(),
        files,
        show_nested: false,
        ignored: Vec::new(),
    };
    validate(request).map(drop)
}

/// A template that makes a resource.
pub(super) struct Nested {
    pub(super) resource: String,
    pub(super) resource_type: String,
    pub(super) blueprint: Blueprint,
    pub(super) inner: Vec<Self>,
}

fn nested(blueprint: &Blueprint) -> Result<Vec<Nested>> {
    let below = |found: children::Nested| {
        Ok(Nested {
            inner: nested(&found.blueprint)?,
            resource: found.resource,
            resource_type: found.resource_type,
            blueprint: found.blueprint,
        })
    };
    children::of(blueprint)?.into_iter().map(below).collect()
}

fn check_ignored(codes: &[String]) -> Result<()> {
    let unknown: Vec<_> = codes.iter().filter(|code| *code != UNAVAILABLE).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let shown = unknown.iter().map(|code| format!("'{code}'")).collect::<Vec<_>>().join(", ");
    Err(Error::new("HTTPBadRequest", format!("Invalid codes in ignore_errors : [{shown}]")))
}

/// Heat answers a refusal of the template in a member of its own, and the API makes of it what it
/// makes of a bad request.
pub(super) fn as_bad_request(error: Error) -> Error {
    if error.is_validation() { Error::new("HTTPBadRequest", error.to_string()) } else { error }
}
