//! `OS::Neutron::Quota`: what a project may have of networks. Only administrators may say.

use kit::error::Result;
use kit::ids::ProjectId;
use serde_json::{Map, Value};

use super::{delegate, delegate_of};
use crate::resources::keystone::{self, Kind};
use crate::resources::nova::quota::limits;
use crate::resources::{Act, Attribute, Look, Plugin, SHOW, SHOW_ROW, Updated};
use crate::template::{Property, Schema};

pub(crate) struct Quota;

impl Plugin for Quota {
    fn name(&self) -> &'static str {
        "OS::Neutron::Quota"
    }

    fn class(&self) -> &'static str {
        "NeutronQuota"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let limits = limits(&act.resource.properties)?;
        let project = keystone::find(act, Kind::Project, act.text("project").unwrap_or_default())?;
        delegate(act).set_quotas(&ProjectId::from(project.as_str()), &limits)?;
        act.resource.physical = Some(project);
        Ok(())
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        _: &[String],
    ) -> Result<Updated> {
        let project = ProjectId::from(act.physical());
        delegate(act).set_quotas(&project, &limits(properties)?)?;
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        delegate(act).forget_quotas(&ProjectId::from(act.physical()))
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        let caller = look.hand.caller(look.stack)?;
        let project = ProjectId::from(look.physical());
        let shown = delegate_of(look.hand, &caller).show_quotas(&project)?;
        Ok(if name == SHOW { Value::Object(shown) } else { Value::Null })
    }
}

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("project").required().custom("keystone.project").described("Name or id of the project to set the quota for."),
        Property::integer("subnet").updatable().at_least(-1).described("Quota for the number of subnets. Setting -1 means unlimited."),
        Property::integer("network").updatable().at_least(-1).described("Quota for the number of networks. Setting -1 means unlimited."),
        Property::integer("floatingip").updatable().at_least(-1).described("Quota for the number of floating IPs. Setting -1 means unlimited."),
        Property::integer("security_group_rule").updatable().at_least(-1).described("Quota for the number of security group rules. Setting -1 means unlimited."),
        Property::integer("security_group").updatable().at_least(-1).described("Quota for the number of security groups. Setting -1 means unlimited."),
        Property::integer("router").updatable().at_least(-1).described("Quota for the number of routers. Setting -1 means unlimited."),
        Property::integer("port").updatable().at_least(-1).described("Quota for the number of ports. Setting -1 means unlimited."),
        Property::integer("subnetpool").updatable().at_least(-1).described("Quota for the number of subnet pools. Setting -1 means unlimited."),
        Property::integer("rbac_policy").updatable().at_least(-1).described("Quota for the number of rbac policies. Setting -1 means unlimited."),
    ])
}
