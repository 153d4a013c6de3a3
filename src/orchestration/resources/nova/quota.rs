//! `OS::Nova::Quota`: what a project may have of servers. Only administrators may say.

use kit::error::{Error, Result};
use kit::ids::ProjectId;
use serde_json::{Map, Value};

use super::{shown_in, with_delegate};
use crate::resources::keystone::{self, Kind};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated, gone_is_fine};
use crate::template::{Property, Schema};

pub(crate) struct Quota;

impl Plugin for Quota {
    fn name(&self) -> &'static str {
        "OS::Nova::Quota"
    }

    fn class(&self) -> &'static str {
        "NovaQuota"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let properties = act.resource.properties.clone();
        let project = keystone::find(act, Kind::Project, act.text("project").unwrap_or_default())?;
        act.resource.physical = Some(project);
        set(act, &limits(&properties)?)
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        _: &[String],
    ) -> Result<Updated> {
        set(act, &limits(properties)?)?;
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let project = ProjectId::from(act.physical());
        gone_is_fine(with_delegate(act, |delegate| delegate.forget_quotas(&project)))
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        let project = ProjectId::from(look.physical());
        shown_in(look, name, |delegate| delegate.show_quotas(&project))
    }
}

fn set(act: &Act<'_>, limits: &Map<String, Value>) -> Result<()> {
    let project = ProjectId::from(act.physical());
    let given = Value::Object(limits.clone());
    with_delegate(act, |delegate| delegate.set_quotas(&project, &given))
}

/// The limits that a template names; it must name one.
pub(crate) fn limits(properties: &Map<String, Value>) -> Result<Map<String, Value>> {
    let mut limits = properties.clone();
    limits.retain(|name, value| name != "project" && !value.is_null());
    if limits.is_empty() {
        // Heat: the sentence lists them in the order of a set, which is none.
        let sentence = "At least one of the quota properties must be specified.";
        return Err(Error::bad_request(sentence).tag("PropertyUnspecifiedError"));
    }
    Ok(limits)
}

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("project").required().custom("keystone.project").described("Name or id of the project to set the quota for."),
        Property::integer("cores").updatable().at_least(-1).described("Quota for the number of cores. Setting the value to -1 removes the limit."),
        Property::integer("fixed_ips").updatable().at_least(-1).described("Quota for the number of fixed IPs. Setting the value to -1 removes the limit."),
        Property::integer("floating_ips").updatable().at_least(-1).described("Quota for the number of floating IPs. Setting the value to -1 removes the limit."),
        Property::integer("instances").updatable().at_least(-1).described("Quota for the number of instances. Setting the value to -1 removes the limit."),
        Property::integer("injected_files").updatable().at_least(-1).described("Quota for the number of injected files. Setting the value to -1 removes the limit."),
        Property::integer("injected_file_content_bytes").updatable().at_least(-1).described("Quota for the number of injected file content bytes. Setting the value to -1 removes the limit."),
        Property::integer("injected_file_path_bytes").updatable().at_least(-1).described("Quota for the number of injected file path bytes. Setting the value to -1 removes the limit."),
        Property::integer("key_pairs").updatable().at_least(-1).described("Quota for the number of key pairs. Setting the value to -1 removes the limit."),
        Property::integer("metadata_items").updatable().at_least(-1).described("Quota for the number of metadata items. Setting the value to -1 removes the limit."),
        Property::integer("ram").updatable().at_least(-1).described("Quota for the amount of ram (in megabytes). Setting the value to -1 removes the limit."),
        Property::integer("security_groups").updatable().at_least(-1).described("Quota for the number of security groups. Setting the value to -1 removes the limit."),
        Property::integer("security_group_rules").updatable().at_least(-1).described("Quota for the number of security group rules. Setting the value to -1 removes the limit."),
        Property::integer("server_groups").updatable().at_least(-1).described("Quota for the number of server groups. Setting the value to -1 removes the limit."),
        Property::integer("server_group_members").updatable().at_least(-1).described("Quota for the number of server group members. Setting the value to -1 removes the limit."),
    ])
}
