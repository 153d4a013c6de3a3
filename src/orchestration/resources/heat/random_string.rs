//! `OS::Heat::RandomString`: a secret that stays as long as its resource.

use serde_json::{Map, Value};

use crate::resources::{Attributes, Plugin};
use crate::template::{Property, Schema};

pub(in crate::resources) static PLUGIN: Plugin = Plugin {
    name: "OS::Heat::RandomString",
    class: "RandomString",
    properties,
    attributes: Attributes::These(&["value", "show"]),
};

/// The sets of characters by name.
static CLASSES: [&str; 7] =
    ["lettersdigits", "letters", "lowercase", "uppercase", "digits", "hexdigits", "octdigits"];

fn properties() -> Schema {
    let at_least = || Property::integer("min").default(1).range(1, 512);
    Schema::of([
        Property::integer("length").default(32).range(1, 512),
        Property::string("sequence").allowed(CLASSES),
        Property::list("character_classes").default(vec![default_class()]).of(Property::map("")
            .with([
                Property::string("class").default("lettersdigits").allowed(CLASSES),
                at_least(),
            ])),
        Property::list("character_sequences")
            .of(Property::map("").with([Property::string("sequence").required(), at_least()])),
        Property::string("salt"),
    ])
}

/// One character at least, a letter or a digit.
fn default_class() -> Value {
    let members = [("class", Value::from("lettersdigits")), ("min", Value::from(1))];
    Value::Object(Map::from_iter(members.map(|(name, value)| (name.to_owned(), value))))
}
