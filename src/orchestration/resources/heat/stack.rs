//! `OS::Heat::Stack`: a stack of its own, as if its user had asked for it. It is nested in nothing
//! and shown in every list.
//!
//! In Heat it may be in another region or cloud; ours has one region and holds no credentials of
//! others, so both are refused.

use kit::Platform;
use kit::error::{Error, Result};
use kit::ids::RequestId;
use serde_json::{Map, Value};

use crate::resources::constraints::Asker;
use crate::resources::nested::{self, Child, Form};
use crate::resources::{Act, Attribute, Look, Pending, Plugin, SHOW_ROW, Updated};
use crate::stack_outputs::logic as outputs;
use crate::stack_resources::model::Wanted;
use crate::stacks::blueprint::Blueprint;
use crate::stacks::logic;
use crate::stacks::model::{Action, Status};
use crate::stacks::request::{Change, NewStack};
use crate::template::{self, Property, Schema};
use crate::template_validate;

pub(crate) struct StackResource;

/// The longest name that is made for a stack.
const NAME_LIMIT: usize = 255;

static ATTRIBUTES: &[Attribute] = &[
    Attribute { name: "stack_name", kind: "string", description: "Name of the stack." },
    Attribute {
        name: "outputs",
        kind: "map",
        description: "A dict of key-value pairs output from the stack.",
    },
    SHOW_ROW,
];

impl Plugin for StackResource {
    fn name(&self) -> &'static str {
        "OS::Heat::Stack"
    }

    fn class(&self) -> &'static str {
        "RemoteStack"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::map("context").updatable().with([
                Property::string("region_name").described("Region name in which this stack will be created."),
                Property::string("credential_secret_id").updatable().described("A Barbican secret ID. The Barbican secret should contain an OpenStack credential that can be used to access a remote cloud."),
                Property::string("ca_cert").updatable().described("CA Cert for SSL."),
                Property::boolean("insecure").default(false).updatable().described("If set, then the server's certificate will not be verified."),
            ]).described("Context for this stack."),
            Property::string("template").required().updatable().described("Template that specifies the stack to be created as a resource."),
            Property::integer("timeout").updatable().described("Number of minutes to wait for this stack creation."),
            Property::map("parameters").default(Map::new()).updatable().described("Set of parameters passed to this stack."),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn examine(&self, asker: &Asker<'_>, form: &Form<'_>) -> template::Result<()> {
        let place = place(asker.hand.platform, form.properties)?;
        let Some(source) = form.text("template") else { return Ok(()) };
        let parameters = form.get("parameters").and_then(Value::as_object).cloned();
        let environment =
            form.blueprint.environment.child(parameters.unwrap_or_default(), None, None);
        let files = form.blueprint.template.files.as_ref().clone();
        template_validate::check(source, &environment, files).map_err(|error| {
            template::Error::validation(format!(
                "Failed validating stack template using Heat endpoint at {place} due to \"ERROR: \
                 {error}\""
            ))
        })
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let properties = act.resource.properties.clone();
        let wanted = wanted(act, &properties)?;
        let new = NewStack {
            name: act.resource.physical_name(act.stack, NAME_LIMIT),
            source: wanted.source,
            tags: wanted.tags,
            timeout_mins: wanted.timeout_mins,
            disable_rollback: wanted.disable_rollback,
            left: None,
        };
        let made = logic::create(act.hand, &act.caller, &request_id(act), new)?;
        act.resource.physical = Some(made.id.to_string());
        Ok(())
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        _: &[String],
    ) -> Result<Updated> {
        let Some(stack) = nested::thing(&act.look())? else { return Ok(Updated::Replace) };
        let wanted = wanted(act, properties)?;
        logic::update(act.hand, &act.caller, &request_id(act), stack, wanted)?;
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let Some(mut stack) = nested::thing(&act.look())? else { return Ok(()) };
        logic::delete(act.hand, &request_id(act), &mut stack)
    }

    fn suspend(&self, act: &mut Act<'_>) -> Result<()> {
        nested::for_all(act, Action::Suspend, Wanted::Suspended)
    }

    fn resume(&self, act: &mut Act<'_>) -> Result<()> {
        nested::for_all(act, Action::Resume, Wanted::Resumed)
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        nested::for_all(act, Action::Check, Wanted::Checked)
    }

    fn pending(&self, look: &Look<'_>) -> Result<Pending> {
        let Some(stack) = nested::thing(look)? else { return Ok(Pending::Over) };
        match stack.status {
            Status::InProgress => Ok(Pending::For(stack.target(), None)),
            Status::Complete => Ok(Pending::Over),
            Status::Failed => {
                let sentence = format!("Went to status FAILED due to \"{}\"", stack.reason);
                Err(Error::conflict(sentence).tag("ResourceInError"))
            }
        }
    }

    fn replaces_failed(&self, look: &Look<'_>) -> Result<bool> {
        Ok(nested::thing(look)?.is_none())
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        let Some(stack) = nested::thing(look)? else { return Ok(Value::Null) };
        match name {
            "stack_name" => Ok(Value::String(stack.name)),
            "outputs" => {
                let blueprint = Blueprint::of(&stack)?;
                let rows = outputs::all(look.hand, &stack, &blueprint);
                let pair = |row: &Value| {
                    let name = row.get("output_key")?.as_str()?.to_owned();
                    Some((name, row.get("output_value").cloned().unwrap_or_default()))
                };
                Ok(Value::Object(rows.iter().filter_map(pair).collect()))
            }
            _ => Ok(Value::Null),
        }
    }
}

/// What the properties say of the stack.
fn wanted(act: &Act<'_>, properties: &Map<String, Value>) -> Result<Change> {
    place(act.hand.platform, properties)?;
    let parameters = properties.get("parameters").and_then(Value::as_object).cloned();
    let child = Child {
        template: properties.get("template").cloned().unwrap_or_default(),
        parameters: parameters.unwrap_or_default(),
        ..Child::default()
    };
    let blueprint = Blueprint::of(act.stack)?;
    Ok(Change {
        source: child.source(&blueprint.template.files, &blueprint.environment, None)?,
        tags: Vec::new(),
        timeout_mins: properties.get("timeout").and_then(Value::as_i64),
        disable_rollback: true,
    })
}

/// The place that the context of a stack names, as sentences call it, and why nothing is there:
/// another region than ours, or credentials of another cloud.
fn away(own: &str, properties: &Map<String, Value>) -> Result<String, (String, String)> {
    let context = properties.get("context");
    let word = |name: &str| {
        let word = context.and_then(|context| context.get(name)).and_then(Value::as_str);
        word.filter(|word| !word.is_empty())
    };
    match (word("credential_secret_id"), word("region_name")) {
        (Some(_), _) => Err(("remote cloud".to_owned(), "there is no key manager here".to_owned())),
        (None, Some(region)) if region != own => {
            let reason = format!(
                "publicURL endpoint for orchestration service in {region} region not found"
            );
            Err((format!("region \"{region}\""), reason))
        }
        (None, _) => Ok(format!("region \"{own}\"")),
    }
}

/// Where the stack is to be, as sentences call it.
fn place(platform: &Platform, properties: &Map<String, Value>) -> template::Result<String> {
    away(&platform.settings.identity.region, properties).map_err(|(place, reason)| {
        template::Error::validation(format!(
            "Cannot establish connection to Heat endpoint at {place} due to \"{reason}\""
        ))
    })
}

fn request_id(act: &Act<'_>) -> RequestId {
    RequestId::from(act.stack.request_id.as_str())
}
