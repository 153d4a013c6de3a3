//! What the tests of the language share: one line from text to definition.

use std::sync::Arc;

use serde_json::Value;

use super::{Definition, Environment, Files, Identity, Mode, Result, Template};
use crate::resources::Catalogue;

/// Reads, defines and validates.
pub(crate) fn define(template: &Value, environment: &Value, mode: Mode) -> Result<Definition> {
    let files = Files::from([("greet.sh".to_owned(), "echo hello".to_owned())]);
    let files = Arc::new(files);
    let template = Template::parse(template, &files)?;
    let environment = Environment::parse(environment)?;
    let identity = Identity {
        stack_id: "id-1".to_owned(),
        stack_name: "stack".to_owned(),
        project_id: "project".to_owned(),
    };
    let parameters = template.parameters(&environment, &identity);
    parameters.validate(mode == Mode::Values)?;
    let types = Catalogue::new(&environment, &files);
    let definition = template.define(parameters, &types)?;
    definition.validate(mode)?;
    Ok(definition)
}
