//! `OS::Heat::TestResource`: does nothing, as slowly or as badly as it is told.

use crate::resources::{Attributes, Plugin};
use crate::template::{Property, Schema};

pub(in crate::resources) static PLUGIN: Plugin = Plugin {
    name: "OS::Heat::TestResource",
    class: "TestResource",
    properties,
    attributes: Attributes::These(&["output", "show"]),
};

fn properties() -> Schema {
    Schema::of([
        Property::number("constraint_prop_secs").default(0).custom("test_constr").updatable(),
        Property::number("attr_wait_secs").default(0).updatable(),
        Property::string("value").default("test_string").updatable(),
        Property::string("update_replace_value"),
        Property::boolean("fail").default(false).updatable(),
        Property::boolean("update_replace").default(false).updatable(),
        Property::number("wait_secs").default(0).updatable(),
        Property::map("action_wait_secs").updatable().with([
            Property::number("create"),
            Property::number("update"),
            Property::number("delete"),
        ]),
        Property::string("client_name").default("").updatable(),
        Property::string("entity_name").default("").updatable(),
    ])
}
