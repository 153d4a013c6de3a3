//! `OS::Keystone::Service`: a service of the catalogue.

use identity::facade::Kind;

use super::Plain;
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{Property, Schema};

pub(crate) static SERVICE: Plain = Plain {
    name: "OS::Keystone::Service",
    class: "KeystoneService",
    kind: Kind::Service,
    schema,
    attributes: ATTRIBUTES,
    references: &[],
    named: true,
};

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("name").updatable().described("Name of keystone service."),
        Property::string("description").updatable().described("Description of keystone service."),
        Property::string("type").required().updatable().described("Type of keystone Service."),
        Property::boolean("enabled").default(true).updatable().described("This service is enabled or disabled."),
    ])
}
