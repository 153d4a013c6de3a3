//! The attributes of a router: a row each.

use crate::attributes::Attribute;
use crate::checks::{boolean, gateway_info, host_routes, tags, text};
use crate::policy;

/// The ways that guests are.
pub(super) const ROUTES: Attribute = Attribute::changed("routes", host_routes).unlisted();

/// What requests may set and lists filter and sort by.
pub(super) static ATTRIBUTES: &[Attribute] = &[
    Attribute::set("name", text),
    Attribute::set("description", text),
    Attribute::set("admin_state_up", boolean),
    Attribute::shown("status"),
    Attribute::set("external_gateway_info", gateway_info)
        .unlisted()
        .rules(Some(&policy::CREATE_ROUTER_GATEWAY), Some(&policy::UPDATE_ROUTER_GATEWAY))
        .members(
            &[
                ("network_id", &policy::CREATE_ROUTER_GATEWAY_NETWORK),
                ("enable_snat", &policy::CREATE_ROUTER_GATEWAY_SNAT),
                ("external_fixed_ips", &policy::CREATE_ROUTER_GATEWAY_IPS),
            ],
            &[
                ("network_id", &policy::UPDATE_ROUTER_GATEWAY_NETWORK),
                ("enable_snat", &policy::UPDATE_ROUTER_GATEWAY_SNAT),
                ("external_fixed_ips", &policy::UPDATE_ROUTER_GATEWAY_IPS),
            ],
        ),
    ROUTES,
    Attribute::created("availability_zone_hints", tags).unsorted(),
    Attribute::created("tags", tags).unlisted(),
];
