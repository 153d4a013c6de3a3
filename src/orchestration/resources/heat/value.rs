//! `OS::Heat::Value`: gives a value a name.

use crate::resources::{Attributes, Plugin};
use crate::template::{Property, Schema};

pub(in crate::resources) static PLUGIN: Plugin = Plugin {
    name: "OS::Heat::Value",
    class: "Value",
    properties,
    attributes: Attributes::These(&["value", "show"]),
};

fn properties() -> Schema {
    let kinds = ["string", "number", "comma_delimited_list", "json", "boolean"];
    Schema::of([
        Property::any("value").required().updatable(),
        Property::string("type").allowed(kinds).updatable(),
    ])
}
