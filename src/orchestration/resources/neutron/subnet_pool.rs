//! `OS::Neutron::SubnetPool`: ranges that subnets are cut from.

use kit::error::Result;
use network::facade::{Delegate, Kind};
use serde_json::{Map, Value};

use super::{Plain, put_id};
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{Bounds, Property, Rule, Schema};

pub(crate) static SUBNET_POOL: Plain = Plain {
    name: "OS::Neutron::SubnetPool",
    kind: Kind::SubnetPool,
    schema,
    attributes: ATTRIBUTES,
    validate: |_| Ok(()),
    translate,
    take_away,
};

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];

fn schema() -> Schema {
    Schema::of([
        Property::string("name").updatable().described("Name of the subnet pool."),
        Property::list("prefixes")
            .required()
            .demanding(Rule::Length(Bounds { min: Some(1_i64.into()), max: None }))
            .updatable()
            .of(Property::string("*").custom("net_cidr"))
            .described("List of subnet prefixes to assign."),
        Property::string("address_scope")
            .custom("neutron.address_scope")
            .updatable()
            .described("An address scope ID to assign to the subnet pool."),
        Property::integer("default_quota")
            .at_least(0)
            .updatable()
            .described("A per-tenant quota on the prefix space that can be allocated from the subnet pool for tenant subnets."),
        Property::integer("default_prefixlen")
            .at_least(0)
            .updatable()
            .described("The size of the prefix to allocate when the cidr or prefixlen attributes are not specified while creating a subnet."),
        Property::integer("min_prefixlen")
            .at_least(0)
            .updatable()
            .described("Smallest prefix size that can be allocated from the subnet pool."),
        Property::integer("max_prefixlen")
            .at_least(0)
            .updatable()
            .described("Maximum prefix size that can be allocated from the subnet pool."),
        Property::boolean("is_default")
            .default(false)
            .updatable()
            .described("Whether this is default IPv4/IPv6 subnet pool. There can only be one default subnet pool for each IP family. Note that the default policy setting restricts administrative users to set this to True."),
        Property::string("tenant_id").described("The ID of the tenant who owns the subnet pool. Only administrative users can specify a tenant ID other than their own."),
        Property::boolean("shared")
            .default(false)
            .described("Whether the subnet pool will be shared across all tenants. Note that the default policy setting restricts usage of this attribute to administrative users only."),
        Property::list("tags")
            .updatable()
            .of(Property::string("*"))
            .described("The tags to be added to the subnetpool."),
    ])
}

/// Heat: a pool whose scope the template no longer names leaves it.
fn take_away(given: &mut Map<String, Value>, properties: &Map<String, Value>, changed: &[String]) {
    let is_told = properties.get("address_scope").is_some_and(|value| !value.is_null());
    if !is_told && changed.iter().any(|name| name == "address_scope") {
        given.insert("address_scope_id".to_owned(), Value::Null);
    }
}

fn translate(delegate: &Delegate<'_>, given: &mut Map<String, Value>) -> Result<()> {
    put_id(delegate, given, "address_scope", Kind::AddressScope, "address_scope_id")
}
