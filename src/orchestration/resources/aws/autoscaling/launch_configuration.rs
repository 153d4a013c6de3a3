//! `AWS::AutoScaling::LaunchConfiguration`: what the servers of a group are made of. It makes
//! nothing itself.

use kit::error::Result;
use kit::ids::ServerId;
use serde_json::{Map, Value};

use crate::resources::aws::ec2::instance::block_devices;
use crate::resources::nested::Form;
use crate::resources::nova::delegated;
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated};
use crate::stack_resources::model::Resource;
use crate::template::{self, Property, Schema};

pub(in crate::resources) struct LaunchConfiguration;

/// The type.
pub(in crate::resources) const NAME: &str = "AWS::AutoScaling::LaunchConfiguration";
/// The server that it was taken from.
const SERVER: &str = "InstanceId";
/// Where it keeps what that server is made of.
const TAKEN: &str = "taken";

impl Plugin for LaunchConfiguration {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn is_at_once(&self) -> bool {
        true
    }

    fn validate(&self, form: &Form<'_>) -> template::Result<()> {
        let is_complete = form.is_given("ImageId") && form.is_given("InstanceType");
        if form.is_given(SERVER) || is_complete {
            return Ok(());
        }
        let sentence = "If without InstanceId, ImageId and InstanceType are required.";
        Err(template::Error::validation(sentence))
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        if let Some(server) = act.text(SERVER).map(str::to_owned) {
            let taken = of_server(act, &server)?;
            act.resource.data.insert(TAKEN.to_owned(), Value::Object(taken));
        }
        act.take_own_name();
        Ok(())
    }

    /// Nothing of it changes in place, its metadata neither.
    fn update(&self, _: &mut Act<'_>, _: &Map<String, Value>, _: &[String]) -> Result<Updated> {
        Ok(Updated::Replace)
    }

    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}

/// What a configuration says of its servers. What it was taken from says the rest.
pub(in crate::resources) fn complete(configuration: &Resource) -> Map<String, Value> {
    let taken = configuration.data.get(TAKEN).and_then(Value::as_object).cloned();
    let mut all = taken.unwrap_or_default();
    all.extend(plain(&configuration.properties));
    all
}

/// The properties that say something, and are those of a server too.
pub(in crate::resources) fn plain(properties: &Map<String, Value>) -> Map<String, Value> {
    let said = properties.iter().filter(|(name, value)| *name != SERVER && !value.is_null());
    said.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// What an existing server is made of.
pub(in crate::resources) fn of_server(act: &Act<'_>, id: &str) -> Result<Map<String, Value>> {
    let id = ServerId::from(id);
    let shown = delegated(act.hand, act.stack, &act.caller, |delegate| delegate.show_server(&id))?;
    let at = |path: &str| shown.pointer(path).filter(|value| !value.is_null()).cloned();
    let groups = shown.get("security_groups").and_then(Value::as_array);
    let groups =
        groups.map(|rows| rows.iter().filter_map(|row| row.get("name").cloned()).collect());
    let flavor = at("/flavor/id").or_else(|| at("/flavor/original_name"));
    let pairs = [
        ("ImageId", at("/image/id")),
        ("InstanceType", flavor),
        ("KeyName", at("/key_name")),
        ("SecurityGroups", groups),
    ];
    Ok(pairs.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];

#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("ImageId").custom("glance.image").described("Glance image ID or name."),
        Property::string("InstanceType").custom("nova.flavor").described("Nova instance type (flavor)."),
        Property::string(SERVER).custom("nova.server").described("The ID of an existing instance you want to use to create the launch configuration. All properties are derived from the instance with the exception of BlockDeviceMapping."),
        Property::string("KeyName").custom("nova.keypair").described("Optional Nova keypair name."),
        Property::string("UserData").described("User data to pass to instance."),
        Property::list("SecurityGroups").described("Security group names to assign."),
        Property::string("KernelId").refused(),
        Property::string("RamDiskId").refused(),
        block_devices(),
        Property::list("NovaSchedulerHints").of(Property::map("*").with([
            Property::string("Key").required(),
            Property::string("Value").required(),
        ])).described("Scheduler hints to pass to Nova (Heat extension)."),
    ])
}
