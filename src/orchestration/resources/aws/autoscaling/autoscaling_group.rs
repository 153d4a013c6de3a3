//! `AWS::AutoScaling::AutoScalingGroup`: servers of one launch configuration, as many as policies
//! want.

use kit::error::Result;
use serde_json::{Map, Value};

use crate::resources::Act;
use crate::resources::heat::launched::{self, CONFIGURATION};
use crate::resources::heat::scaled_group::ScaledGroup;
use crate::resources::nested::{Form, Nested};
use crate::template::{self, Property, Schema};

/// The type.
pub(in crate::resources) static GROUP: Nested<ScaledGroup> = Nested(ScaledGroup {
    name: "AWS::AutoScaling::AutoScalingGroup",
    class: "AutoScalingGroup",
    schema,
    update_policy: || launched::update_policy(POLICY),
    attributes: launched::ATTRIBUTES,
    member: CONFIGURATION,
    size: "DesiredCapacity",
    limits: Some(("MinSize", "MaxSize")),
    cooldown: "Cooldown",
    validate,
    note,
    define: launched::define,
    child: launched::child,
    batches: |form| launched::batches(&form.update_policy, POLICY),
    attribute: launched::attribute,
});

const POLICY: &str = "AutoScalingRollingUpdate";
const ZONES: &str = "VPCZoneIdentifier";
/// The keys of the tags that tell to which group a server belongs.
const TAGS: &[&str] = &["metering.groupname", "metering.AutoScalingGroupName"];

#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    let [zones, balancers, tags] = launched::common();
    Schema::of([
        zones,
        Property::string(CONFIGURATION).updatable().described("The reference to a LaunchConfiguration resource."),
        Property::string("InstanceId").custom("nova.server").described("The ID of an existing instance to use to create the Auto Scaling group. If specify this property, will create the group use an existing instance instead of a launch configuration."),
        Property::integer("MaxSize").required().updatable().described("Maximum number of instances in the group."),
        Property::integer("MinSize").required().updatable().described("Minimum number of instances in the group."),
        Property::integer("Cooldown").updatable().described("Cooldown period, in seconds."),
        Property::integer("DesiredCapacity").updatable().described("Desired initial number of instances."),
        Property::integer("HealthCheckGracePeriod").refused(),
        Property::string("HealthCheckType").allowed(["EC2", "ELB"]).refused(),
        balancers,
        Property::list(ZONES).of(Property::string("*").described("UUID of the internal subnet to which the instance will be attached.")).described("Use only with Neutron, to list the internal subnet to which the instance will be attached; needed only if multiple exist; list length must be exactly 1."),
        tags,
    ])
}

fn validate(form: &Form<'_>) -> template::Result<()> {
    let subnets = form.get(ZONES).and_then(Value::as_array).map_or(1, Vec::len);
    if subnets != 1 {
        let sentence = format!("Anything other than one {ZONES} is not supported.");
        return Err(template::Error::new("NotSupported", sentence));
    }
    if form.is_given("InstanceId") == form.is_given(CONFIGURATION) {
        let sentence = "Either 'InstanceId' or 'LaunchConfigurationName' must be provided.";
        return Err(template::Error::validation(sentence));
    }
    launched::validate(form, POLICY)
}

fn note(act: &mut Act<'_>, properties: &Map<String, Value>) -> Result<()> {
    let subnet = properties.get(ZONES).and_then(|zones| zones.get(0)).cloned();
    let subnet = subnet.map(|subnet| ("SubnetId".to_owned(), subnet)).into_iter().collect();
    launched::note(act, properties, subnet, TAGS)
}
