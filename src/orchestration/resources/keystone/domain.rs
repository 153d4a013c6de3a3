//! `OS::Keystone::Domain`: a domain, which is disabled before it is deleted.

use identity::facade::Kind;

use super::Plain;
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{Property, Schema};

pub(crate) static DOMAIN: Plain = Plain {
    name: "OS::Keystone::Domain",
    class: "KeystoneDomain",
    kind: Kind::Domain,
    schema,
    attributes: ATTRIBUTES,
    references: &[],
    named: true,
};

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("name").updatable().described("The name of the domain."),
        Property::string("description").updatable().described("Description of keystone domain."),
        Property::boolean("enabled").default(true).updatable().described("This domain is enabled or disabled."),
    ])
}
