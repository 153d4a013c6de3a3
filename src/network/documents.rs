//! The part of the contract that describes this service: path below `api-ref/`, and the text.

/// One row per document.
#[rustfmt::skip]
pub(crate) static ALL: &[(&str, &str)] = &[
    ("network/address-groups.yaml", include_str!("../../api-ref/network/address-groups.yaml")),
    ("network/address-scopes.yaml", include_str!("../../api-ref/network/address-scopes.yaml")),
    ("network/agents.yaml", include_str!("../../api-ref/network/agents.yaml")),
    ("network/availability_zones.yaml", include_str!("../../api-ref/network/availability_zones.yaml")),
    ("network/floatingips.yaml", include_str!("../../api-ref/network/floatingips.yaml")),
    ("network/network-extensions.yaml", include_str!("../../api-ref/network/network-extensions.yaml")),
    ("network/network-ip-availabilities.yaml", include_str!("../../api-ref/network/network-ip-availabilities.yaml")),
    ("network/network-versions.yaml", include_str!("../../api-ref/network/network-versions.yaml")),
    ("network/networks.yaml", include_str!("../../api-ref/network/networks.yaml")),
    ("network/port_forwardings.yaml", include_str!("../../api-ref/network/port_forwardings.yaml")),
    ("network/ports.yaml", include_str!("../../api-ref/network/ports.yaml")),
    ("network/quotas.yaml", include_str!("../../api-ref/network/quotas.yaml")),
    ("network/rbac-policies.yaml", include_str!("../../api-ref/network/rbac-policies.yaml")),
    ("network/routers.yaml", include_str!("../../api-ref/network/routers.yaml")),
    ("network/security-group-rules.yaml", include_str!("../../api-ref/network/security-group-rules.yaml")),
    ("network/security-groups.yaml", include_str!("../../api-ref/network/security-groups.yaml")),
    ("network/subnetpools.yaml", include_str!("../../api-ref/network/subnetpools.yaml")),
    ("network/subnets.yaml", include_str!("../../api-ref/network/subnets.yaml")),
];
