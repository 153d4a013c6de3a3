//! `OS::Keystone::Project`: a project.

use super::Plain;
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{Property, Schema};
use identity::facade::Kind;
use serde_json::Value;

pub(crate) static PROJECT: Plain = Plain {
    name: "OS::Keystone::Project",
    class: "KeystoneProject",
    kind: Kind::Project,
    schema,
    attributes: ATTRIBUTES,
    references: &[("domain", "domain_id", Kind::Domain), ("parent", "parent_id", Kind::Project)],
    named: true,
};

static ATTRIBUTES: &[Attribute] = &[
    Attribute { name: "name", kind: "string", description: "Project name." },
    Attribute { name: "parent_id", kind: "string", description: "Parent project id." },
    Attribute { name: "domain_id", kind: "string", description: "Domain id for project." },
    Attribute { name: "enabled", kind: "boolean", description: "Flag of enable project." },
    Attribute {
        name: "is_domain",
        kind: "boolean",
        description: "Indicates whether the project also acts as a domain.",
    },
    SHOW_ROW,
];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("name").updatable().described("Name of keystone project."),
        Property::string("domain").default("default").updatable().custom("keystone.domain").described("Name or id of keystone domain."),
        Property::string("description").default("").updatable().described("Description of keystone project."),
        Property::boolean("enabled").default(true).updatable().described("This project is enabled or disabled."),
        Property::string("parent").custom("keystone.project").described("The name or ID of parent of this keystone project in hierarchy."),
        Property::list("tags").default(Vec::<Value>::new()).updatable().described("A list of tags for labeling and sorting projects."),
    ])
}
