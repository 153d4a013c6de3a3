//! The attributes of a port: a row each.

use crate::attributes::Attribute;
use crate::checks::{
    address_pairs, boolean, fixed_ips, mac_address, object, tags, text, uuid, uuids, vnic_type,
};
use crate::policy;

/// What requests may set and lists filter and sort by.
pub(super) static ATTRIBUTES: &[Attribute] = &[
    Attribute::set("name", text),
    Attribute::set("description", text),
    Attribute::required("network_id", uuid),
    Attribute::set("admin_state_up", boolean),
    Attribute::set("mac_address", mac_address)
        .rules(Some(&policy::CREATE_PORT_MAC), Some(&policy::UPDATE_PORT_MAC)),
    Attribute::set("fixed_ips", fixed_ips)
        .unsorted()
        .rules(Some(&policy::CREATE_PORT_FIXED_IPS), Some(&policy::UPDATE_PORT_FIXED_IPS))
        .element("ip_address", &policy::CREATE_PORT_ADDRESS),
    Attribute::set("device_id", text)
        .rules(Some(&policy::CREATE_PORT_DEVICE_ID), Some(&policy::UPDATE_PORT_DEVICE_ID)),
    Attribute::set("device_owner", text)
        .rules(Some(&policy::CREATE_PORT_DEVICE_OWNER), Some(&policy::UPDATE_PORT_DEVICE_OWNER)),
    Attribute::shown("status"),
    Attribute::set("security_groups", uuids).unsorted(),
    Attribute::set("allowed_address_pairs", address_pairs)
        .unlisted()
        .rules(Some(&policy::CREATE_PORT_ADDRESS_PAIRS), Some(&policy::UPDATE_PORT_ADDRESS_PAIRS)),
    Attribute::set("port_security_enabled", boolean)
        .without_default()
        .rules(Some(&policy::CREATE_PORT_PORT_SECURITY), Some(&policy::UPDATE_PORT_PORT_SECURITY)),
    Attribute::set("binding:host_id", text)
        .unsorted()
        .rules(Some(&policy::CREATE_PORT_HOST), Some(&policy::UPDATE_PORT_HOST)),
    Attribute::set("binding:vnic_type", vnic_type)
        .unsorted()
        .rules(Some(&policy::CREATE_PORT_VNIC_TYPE), Some(&policy::UPDATE_PORT_VNIC_TYPE)),
    Attribute::set("binding:profile", object)
        .unlisted()
        .rules(Some(&policy::CREATE_PORT_PROFILE), Some(&policy::UPDATE_PORT_PROFILE)),
    Attribute::shown("binding:vif_type").unlisted(),
    Attribute::shown("binding:vif_details").unlisted(),
    Attribute::created("tags", tags).unlisted(),
];
