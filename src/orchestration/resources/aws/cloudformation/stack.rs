//! `AWS::CloudFormation::Stack`: a nested stack of a template by its URL, which must be among the
//! files of the request: nothing is fetched.

use kit::error::Result;
use serde_json::Value;

use crate::resources::catalogue::Catalogue;
use crate::resources::nested::{Child, Composite, Form, Inside, Round};
use crate::resources::{Attribute, Look, SHOW_ROW};
use crate::template::{self, Property, Schema};

pub(crate) struct NestedStack;

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];

impl Composite for NestedStack {
    fn name(&self) -> &'static str {
        "AWS::CloudFormation::Stack"
    }

    fn class(&self) -> &'static str {
        "NestedStack"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string("TemplateURL").required().updatable().described(
                "The URL of a template that specifies the stack to be created as a resource.",
            ),
            Property::integer("TimeoutInMinutes").updatable().described(
                "The length of time, in minutes, to wait for the nested stack creation.",
            ),
            Property::map("Parameters")
                .updatable()
                .described("The set of parameters passed to this nested stack."),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn child(&self, form: &Form<'_>, _: Option<Round>) -> template::Result<Option<Child>> {
        let Some(url) = form.text("TemplateURL") else { return Ok(None) };
        let files = Catalogue::new(&form.blueprint.environment, &form.blueprint.template.files);
        let parameters = form.get("Parameters").and_then(Value::as_object).cloned();
        Ok(Some(Child {
            template: Value::from(files.text_of(url)?),
            parameters: parameters.unwrap_or_default(),
            timeout_mins: form.number("TimeoutInMinutes"),
            ..Child::default()
        }))
    }

    fn reference(&self, look: &Look<'_>) -> String {
        match Inside::of(look) {
            Ok(Some(inside)) => inside.arn(),
            Ok(None) | Err(_) => look.resource.name.clone(),
        }
    }

    fn attribute(&self, inside: &Inside<'_>, name: &str, path: &[Value]) -> Result<Value> {
        let output = name.strip_prefix("Outputs.").map(|output| inside.output(output, path));
        output.transpose()?.flatten().ok_or_else(|| inside.no_attribute(name))
    }
}
