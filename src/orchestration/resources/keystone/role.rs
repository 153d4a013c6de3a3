//! `OS::Keystone::Role`: a role, of the cloud or of one domain.

use identity::facade::Kind;

use super::Plain;
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{Property, Schema};

pub(crate) static ROLE: Plain = Plain {
    name: "OS::Keystone::Role",
    class: "KeystoneRole",
    kind: Kind::Role,
    schema,
    attributes: ATTRIBUTES,
    references: &[("domain", "domain_id", Kind::Domain)],
    named: true,
};

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("name").updatable().described("Name of keystone role."),
        Property::string("domain").custom("keystone.domain").described("Name or id of keystone domain."),
    ])
}
