//! `OS::Keystone::Endpoint`: where a service of the catalogue is reached.

use identity::facade::Kind;

use super::Plain;
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{Property, Schema};

pub(crate) static ENDPOINT: Plain = Plain {
    name: "OS::Keystone::Endpoint",
    class: "KeystoneEndpoint",
    kind: Kind::Endpoint,
    schema,
    attributes: ATTRIBUTES,
    references: &[("service", "service_id", Kind::Service), ("region", "region_id", Kind::Region)],
    named: true,
};

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("name").updatable().described("Name of keystone endpoint."),
        Property::string("region").updatable().custom("keystone.region").described("Name or Id of keystone region."),
        Property::string("service").required().updatable().custom("keystone.service").described("Name or Id of keystone service."),
        Property::string("interface").required().updatable().allowed(["public", "internal", "admin"]).described("Interface type of keystone service endpoint."),
        Property::string("url").required().updatable().described("URL of keystone service endpoint."),
        Property::boolean("enabled").default(true).updatable().described("This endpoint is enabled or disabled."),
    ])
}
