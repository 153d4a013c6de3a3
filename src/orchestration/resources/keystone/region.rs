//! `OS::Keystone::Region`: a region of the catalogue.

use identity::facade::Kind;

use super::Plain;
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{Property, Schema};

pub(crate) static REGION: Plain = Plain {
    name: "OS::Keystone::Region",
    class: "KeystoneRegion",
    kind: Kind::Region,
    schema,
    attributes: ATTRIBUTES,
    references: &[("parent_region", "parent_region_id", Kind::Region)],
    named: false,
};

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("id").described("The user-defined region ID and should unique to the OpenStack deployment. While creating the region, heat will url encode this ID."),
        Property::string("parent_region").updatable().custom("keystone.region").described("If the region is hierarchically a child of another region, set this parameter to the ID of the parent region."),
        Property::string("description").updatable().described("Description of keystone region."),
        Property::boolean("enabled").default(true).updatable().described("This region is enabled or disabled."),
    ])
}
