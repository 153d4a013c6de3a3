//! `OS::Nova::Flavor`: a size of servers. Only administrators may make one.

use compute::facade::Delegate;
use kit::error::Result;
use kit::ids::{FlavorId, ProjectId};
use serde_json::{Map, Value};

use super::{shown_in, with_delegate};
use crate::resources::keystone::{self, Kind};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated, gone_is_fine};
use crate::template::{Property, Schema};

pub(crate) struct Flavor;

impl Plugin for Flavor {
    fn name(&self) -> &'static str {
        "OS::Nova::Flavor"
    }

    fn class(&self) -> &'static str {
        "NovaFlavor"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let properties = act.resource.properties.clone();
        let id = with_delegate(act, |delegate| delegate.create_flavor(&body(act, &properties)))?;
        act.resource.physical = Some(id.to_string());
        if let Some(specs) = map(&properties, "extra_specs") {
            with_delegate(act, |delegate| delegate.set_extra_specs(&id, specs))?;
        }
        set_access(act, &id, &properties)
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        changed: &[String],
    ) -> Result<Updated> {
        let id = FlavorId::from(act.physical());
        if changed.iter().any(|name| name == "extra_specs") {
            let specs = map(properties, "extra_specs").cloned().unwrap_or_default();
            with_delegate(act, |delegate| delegate.set_extra_specs(&id, &specs))?;
        }
        if changed.iter().any(|name| name == "tenants") {
            set_access(act, &id, properties)?;
        }
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let id = FlavorId::from(act.physical());
        gone_is_fine(with_delegate(act, |delegate| delegate.delete_flavor(&id)))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        let id = FlavorId::from(act.physical());
        with_delegate(act, |delegate| delegate.show_flavor(&id)).map(drop)
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        let show = |delegate: &Delegate<'_>| delegate.show_flavor(&FlavorId::from(look.physical()));
        let name = if name == "is_public" { "os-flavor-access:is_public" } else { name };
        shown_in(look, name, show)
    }
}

fn map<'a>(properties: &'a Map<String, Value>, name: &str) -> Option<&'a Map<String, Value>> {
    properties.get(name).and_then(Value::as_object)
}

/// What `POST /flavors` is told: Nova's names for what Heat calls otherwise.
static NAMES: &[(&str, &str)] = &[
    ("flavorid", "id"),
    ("ram", "ram"),
    ("vcpus", "vcpus"),
    ("disk", "disk"),
    ("swap", "swap"),
    ("ephemeral", "OS-FLV-EXT-DATA:ephemeral"),
    ("rxtx_factor", "rxtx_factor"),
    ("is_public", "os-flavor-access:is_public"),
];

fn body(act: &Act<'_>, properties: &Map<String, Value>) -> Value {
    let given = NAMES.iter().filter_map(|(property, name)| {
        let value = properties.get(*property).filter(|value| !value.is_null())?;
        Some(((*name).to_owned(), value.clone()))
    });
    let name = ("name".to_owned(), Value::String(act.thing_name(255)));
    Value::Object(given.chain([name]).collect())
}

/// Who may use a private flavor: the projects that are named, else the stack's own.
fn set_access(act: &Act<'_>, id: &FlavorId, properties: &Map<String, Value>) -> Result<()> {
    if properties.get("is_public") != Some(&Value::Bool(false)) {
        return Ok(());
    }
    let named = properties.get("tenants").and_then(Value::as_array).into_iter().flatten();
    let mut projects = named
        .filter_map(Value::as_str)
        .map(|name| Ok(ProjectId::from(keystone::find(act, Kind::Project, name)?)))
        .collect::<Result<Vec<ProjectId>>>()?;
    if projects.is_empty() {
        projects.push(act.stack.project.clone());
    }
    with_delegate(act, |delegate| delegate.set_flavor_access(id, &projects))
}

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "is_public",
        kind: "boolean",
        description: "Whether the flavor is shared across all projects.",
    },
    Attribute {
        name: "extra_specs",
        kind: "map",
        description: "Extra specs of the flavor in key-value pairs.",
    },
    SHOW_ROW,
];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::list("tenants").default(Vec::<Value>::new()).updatable().of(Property::string("*").custom("keystone.project")).described("List of tenants."),
        Property::string("flavorid").described("Unique ID of the flavor. If not specified, an UUID will be auto generated and used."),
        Property::string("name").described("Name of the flavor."),
        Property::integer("ram").required().described("Memory in MB for the flavor."),
        Property::integer("vcpus").required().described("Number of VCPUs for the flavor."),
        Property::integer("disk").default(0).described("Size of local disk in GB. The \"0\" size is a special case that uses the native base image size as the size of the ephemeral root volume."),
        Property::integer("swap").default(0).described("Swap space in MB."),
        Property::integer("ephemeral").default(0).described("Size of a secondary ephemeral data disk in GB."),
        Property::number("rxtx_factor").default(1.0).described("RX/TX factor."),
        Property::map("extra_specs").updatable().described("Key/Value pairs to extend the capabilities of the flavor."),
        Property::boolean("is_public").default(true).described("Scope of flavor accessibility. Public or private. Default value is True, means public, shared across all projects."),
    ])
}
