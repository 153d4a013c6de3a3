//! `OS::Neutron::AddressScope`: a set of subnet pools whose ranges are told apart.

use network::facade::Kind;

use super::Plain;
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{Property, Schema};

pub(crate) static ADDRESS_SCOPE: Plain = Plain {
    name: "OS::Neutron::AddressScope",
    kind: Kind::AddressScope,
    schema,
    attributes: ATTRIBUTES,
    validate: |_| Ok(()),
    translate: |_, _| Ok(()),
    take_away: |_, _, _| {},
};

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];

fn schema() -> Schema {
    Schema::of([
        Property::string("name").updatable().described("The name for the address scope."),
        Property::boolean("shared")
            .default(false)
            .updatable()
            .described("Whether the address scope should be shared to other tenants. Note that the default policy setting restricts usage of this attribute to administrative users only, and restricts changing of shared address scope to unshared with update."),
        Property::string("tenant_id")
            .custom("keystone.project")
            .described("The owner tenant ID of the address scope. Only administrative users can specify a tenant ID other than their own."),
        Property::integer("ip_version")
            .default(4)
            .allowed([4, 6])
            .described("Address family of the address scope, which is 4 or 6."),
    ])
}
