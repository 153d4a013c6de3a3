//! `OS::Heat::InstanceGroup`: a number of servers of one launch configuration.

use serde_json::Map;

use super::launched::{self, CONFIGURATION};
use super::scaled_group::ScaledGroup;
use crate::resources::nested::Nested;
use crate::template::{Property, Schema};

/// The type.
pub(crate) static GROUP: Nested<ScaledGroup> = Nested(ScaledGroup {
    name: "OS::Heat::InstanceGroup",
    class: "InstanceGroup",
    schema,
    update_policy: || launched::update_policy(POLICY),
    attributes: launched::ATTRIBUTES,
    member: CONFIGURATION,
    size: "Size",
    limits: None,
    cooldown: "",
    validate: |form| launched::validate(form, POLICY),
    note: |act, properties| launched::note(act, properties, Map::new(), &["metering.groupname"]),
    define: launched::define,
    child: launched::child,
    batches: |form| launched::batches(&form.update_policy, POLICY),
    attribute: launched::attribute,
});

const POLICY: &str = "RollingUpdate";

#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    let [zones, balancers, tags] = launched::common();
    Schema::of([
        zones,
        Property::string(CONFIGURATION).required().updatable().described("The reference to a LaunchConfiguration resource."),
        Property::integer("Size").required().updatable().described("Desired number of instances."),
        balancers,
        tags,
    ])
}
