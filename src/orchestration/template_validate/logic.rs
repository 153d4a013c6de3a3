//! The verdict on a template.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::resources::Catalogue;
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
}

/// What a client learns of a template that is right.
pub(super) struct Verdict {
    pub(super) blueprint: Blueprint,
    pub(super) parameters: Parameters,
}

/// Refuses a template that no stack can be made of.
pub(super) fn validate(request: Request) -> Result<Verdict> {
    let files = Arc::new(request.files);
    let template = Template::parse(&request.template, &files)?;
    let sources = Sources {
        environment: request.environment.as_ref(),
        parameters: Some(&request.parameters),
        environment_files: &request.environment_files,
        files: &files,
    };
    let environment = Environment::of_request(&sources, &template.all_declarations())?;
    let identity = Identity { stack_name: "dummy".to_owned(), ..Identity::default() };
    let parameters = template.parameters(&environment, &identity);
    parameters.validate(false)?;
    let types = Catalogue::new(&environment, &files);
    let definition = template.define(parameters.clone(), &types)?;
    definition.validate(Mode::Names)?;
    let blueprint = Blueprint { template, environment, definition };
    children::check(&blueprint)?;
    Ok(Verdict { blueprint, parameters })
}

/// Heat answers a refusal of the template in a member of its own, and the API makes of it what it
/// makes of a bad request.
pub(super) fn as_bad_request(error: Error) -> Error {
    if error.is_validation() { Error::new("HTTPBadRequest", error.to_string()) } else { error }
}
