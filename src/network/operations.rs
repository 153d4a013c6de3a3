//! One row per operation of the network API.

use kit::http::{ALWAYS, Operation};
use kit::op;

use crate::address_groups::model::AddressGroup;
use crate::address_scopes::model::AddressScope;
use crate::floating_ips::model::FloatingIp;
use crate::networks::model::Network;
use crate::ports::model::Port;
use crate::rbac_policies::model::RbacPolicy;
use crate::resource::{create, delete, index, show, update};
use crate::routers::model::Router;
use crate::security_group_rules::model::SecurityGroupRule;
use crate::security_groups::model::SecurityGroup;
use crate::subnetpools::model::SubnetPool;
use crate::subnets::model::Subnet;
use crate::tags::api as tags;
use crate::{
    address_groups, agents, availability_zones, extensions, network_ip_availabilities, policy,
    port_forwardings, quotas, routers, security_group_rules, security_groups, subnetpools,
    versions,
};

/// `/`: which versions there are.
pub(crate) static DISCOVERY: &[Operation] =
    &[op!("network-versions:index", GET "/", ALWAYS, -, 200, versions::api::index).public()];

/// `/v2.0`.
#[rustfmt::skip]
pub(crate) static ALL: &[Operation] = &[
    op!("network-versions:show", GET "/", ALWAYS, -, 200, versions::api::show),
    op!("network-extensions:index", GET "/extensions", ALWAYS, -, 200, extensions::api::index),
    op!("network-extensions:show", GET "/extensions/{alias}", ALWAYS, -, 200, extensions::api::show),

    op!("networks:index", GET "/networks", ALWAYS, policy::GET_NETWORK, 200, index::<Network>),
    op!("networks:create", POST "/networks", ALWAYS, policy::CREATE_NETWORK, 201, create::<Network>),
    op!("networks:show", GET "/networks/{network_id}", ALWAYS, policy::GET_NETWORK, 200, show::<Network>),
    op!("networks:update", PUT "/networks/{network_id}", ALWAYS, policy::UPDATE_NETWORK, 200, update::<Network>),
    op!("networks:delete", DELETE "/networks/{network_id}", ALWAYS, policy::DELETE_NETWORK, 204, delete::<Network>),
    op!("networks:tags", GET "/networks/{network_id}/tags", ALWAYS, policy::GET_NETWORK_TAGS, 200, tags::index::<Network>),
    op!("networks:replace_tags", PUT "/networks/{network_id}/tags", ALWAYS, policy::UPDATE_NETWORK_TAGS, 200, tags::replace::<Network>),
    op!("networks:add_tags", POST "/networks/{network_id}/tags", ALWAYS, policy::CREATE_NETWORK_TAGS, 200, tags::extend::<Network>),
    op!("networks:remove_tags", DELETE "/networks/{network_id}/tags", ALWAYS, policy::DELETE_NETWORK_TAGS, 204, tags::clear::<Network>),
    op!("networks:tag", GET "/networks/{network_id}/tags/{tag}", ALWAYS, policy::GET_NETWORK_TAGS, 204, tags::show::<Network>),
    op!("networks:add_tag", PUT "/networks/{network_id}/tags/{tag}", ALWAYS, policy::UPDATE_NETWORK_TAGS, 201, tags::add::<Network>),
    op!("networks:remove_tag", DELETE "/networks/{network_id}/tags/{tag}", ALWAYS, policy::DELETE_NETWORK_TAGS, 204, tags::remove::<Network>),

    op!("subnets:index", GET "/subnets", ALWAYS, policy::GET_SUBNET, 200, index::<Subnet>),
    op!("subnets:create", POST "/subnets", ALWAYS, policy::CREATE_SUBNET, 201, create::<Subnet>),
    op!("subnets:show", GET "/subnets/{subnet_id}", ALWAYS, policy::GET_SUBNET, 200, show::<Subnet>),
    op!("subnets:update", PUT "/subnets/{subnet_id}", ALWAYS, policy::UPDATE_SUBNET, 200, update::<Subnet>),
    op!("subnets:delete", DELETE "/subnets/{subnet_id}", ALWAYS, policy::DELETE_SUBNET, 204, delete::<Subnet>),
    op!("subnets:tags", GET "/subnets/{subnet_id}/tags", ALWAYS, policy::GET_SUBNET_TAGS, 200, tags::index::<Subnet>),
    op!("subnets:replace_tags", PUT "/subnets/{subnet_id}/tags", ALWAYS, policy::UPDATE_SUBNET_TAGS, 200, tags::replace::<Subnet>),
    op!("subnets:add_tags", POST "/subnets/{subnet_id}/tags", ALWAYS, policy::CREATE_SUBNET_TAGS, 200, tags::extend::<Subnet>),
    op!("subnets:remove_tags", DELETE "/subnets/{subnet_id}/tags", ALWAYS, policy::DELETE_SUBNET_TAGS, 204, tags::clear::<Subnet>),
    op!("subnets:tag", GET "/subnets/{subnet_id}/tags/{tag}", ALWAYS, policy::GET_SUBNET_TAGS, 204, tags::show::<Subnet>),
    op!("subnets:add_tag", PUT "/subnets/{subnet_id}/tags/{tag}", ALWAYS, policy::UPDATE_SUBNET_TAGS, 201, tags::add::<Subnet>),
    op!("subnets:remove_tag", DELETE "/subnets/{subnet_id}/tags/{tag}", ALWAYS, policy::DELETE_SUBNET_TAGS, 204, tags::remove::<Subnet>),

    op!("subnetpools:index", GET "/subnetpools", ALWAYS, policy::GET_SUBNETPOOL, 200, index::<SubnetPool>),
    op!("subnetpools:create", POST "/subnetpools", ALWAYS, policy::CREATE_SUBNETPOOL, 201, create::<SubnetPool>),
    op!("subnetpools:show", GET "/subnetpools/{subnetpool_id}", ALWAYS, policy::GET_SUBNETPOOL, 200, show::<SubnetPool>),
    op!("subnetpools:update", PUT "/subnetpools/{subnetpool_id}", ALWAYS, policy::UPDATE_SUBNETPOOL, 200, update::<SubnetPool>),
    op!("subnetpools:delete", DELETE "/subnetpools/{subnetpool_id}", ALWAYS, policy::DELETE_SUBNETPOOL, 204, delete::<SubnetPool>),
    op!("subnetpools:add_prefixes", PUT "/subnetpools/{subnetpool_id}/add_prefixes", ALWAYS, policy::ADD_PREFIXES, 200, subnetpools::api::add_prefixes),
    op!("subnetpools:remove_prefixes", PUT "/subnetpools/{subnetpool_id}/remove_prefixes", ALWAYS, policy::REMOVE_PREFIXES, 200, subnetpools::api::remove_prefixes),
    op!("subnetpools:tags", GET "/subnetpools/{subnetpool_id}/tags", ALWAYS, policy::GET_SUBNETPOOL_TAGS, 200, tags::index::<SubnetPool>),
    op!("subnetpools:replace_tags", PUT "/subnetpools/{subnetpool_id}/tags", ALWAYS, policy::UPDATE_SUBNETPOOL_TAGS, 200, tags::replace::<SubnetPool>),
    op!("subnetpools:add_tags", POST "/subnetpools/{subnetpool_id}/tags", ALWAYS, policy::CREATE_SUBNETPOOL_TAGS, 200, tags::extend::<SubnetPool>),
    op!("subnetpools:remove_tags", DELETE "/subnetpools/{subnetpool_id}/tags", ALWAYS, policy::DELETE_SUBNETPOOL_TAGS, 204, tags::clear::<SubnetPool>),
    op!("subnetpools:tag", GET "/subnetpools/{subnetpool_id}/tags/{tag}", ALWAYS, policy::GET_SUBNETPOOL_TAGS, 204, tags::show::<SubnetPool>),
    op!("subnetpools:add_tag", PUT "/subnetpools/{subnetpool_id}/tags/{tag}", ALWAYS, policy::UPDATE_SUBNETPOOL_TAGS, 201, tags::add::<SubnetPool>),
    op!("subnetpools:remove_tag", DELETE "/subnetpools/{subnetpool_id}/tags/{tag}", ALWAYS, policy::DELETE_SUBNETPOOL_TAGS, 204, tags::remove::<SubnetPool>),

    op!("address-scopes:index", GET "/address-scopes", ALWAYS, policy::GET_ADDRESS_SCOPE, 200, index::<AddressScope>),
    op!("address-scopes:create", POST "/address-scopes", ALWAYS, policy::CREATE_ADDRESS_SCOPE, 201, create::<AddressScope>),
    op!("address-scopes:show", GET "/address-scopes/{address_scope_id}", ALWAYS, policy::GET_ADDRESS_SCOPE, 200, show::<AddressScope>),
    op!("address-scopes:update", PUT "/address-scopes/{address_scope_id}", ALWAYS, policy::UPDATE_ADDRESS_SCOPE, 200, update::<AddressScope>),
    op!("address-scopes:delete", DELETE "/address-scopes/{address_scope_id}", ALWAYS, policy::DELETE_ADDRESS_SCOPE, 204, delete::<AddressScope>),

    op!("address-groups:index", GET "/address-groups", ALWAYS, policy::GET_ADDRESS_GROUP, 200, index::<AddressGroup>),
    op!("address-groups:create", POST "/address-groups", ALWAYS, policy::CREATE_ADDRESS_GROUP, 201, create::<AddressGroup>),
    op!("address-groups:show", GET "/address-groups/{address_group_id}", ALWAYS, policy::GET_ADDRESS_GROUP, 200, show::<AddressGroup>),
    op!("address-groups:update", PUT "/address-groups/{address_group_id}", ALWAYS, policy::UPDATE_ADDRESS_GROUP, 200, update::<AddressGroup>),
    op!("address-groups:delete", DELETE "/address-groups/{address_group_id}", ALWAYS, policy::DELETE_ADDRESS_GROUP, 204, delete::<AddressGroup>),
    op!("address-groups:add_addresses", PUT "/address-groups/{address_group_id}/add_addresses", ALWAYS, policy::ADD_ADDRESSES, 200, address_groups::api::add_addresses),
    op!("address-groups:remove_addresses", PUT "/address-groups/{address_group_id}/remove_addresses", ALWAYS, policy::REMOVE_ADDRESSES, 200, address_groups::api::remove_addresses),

    op!("rbac-policies:index", GET "/rbac-policies", ALWAYS, policy::GET_RBAC_POLICY, 200, index::<RbacPolicy>),
    op!("rbac-policies:create", POST "/rbac-policies", ALWAYS, policy::CREATE_RBAC_POLICY, 201, create::<RbacPolicy>),
    op!("rbac-policies:show", GET "/rbac-policies/{rbac_policy_id}", ALWAYS, policy::GET_RBAC_POLICY, 200, show::<RbacPolicy>),
    op!("rbac-policies:update", PUT "/rbac-policies/{rbac_policy_id}", ALWAYS, policy::UPDATE_RBAC_POLICY, 200, update::<RbacPolicy>),
    op!("rbac-policies:delete", DELETE "/rbac-policies/{rbac_policy_id}", ALWAYS, policy::DELETE_RBAC_POLICY, 204, delete::<RbacPolicy>),

    op!("ports:index", GET "/ports", ALWAYS, policy::GET_PORT, 200, index::<Port>),
    op!("ports:create", POST "/ports", ALWAYS, policy::CREATE_PORT, 201, create::<Port>),
    op!("ports:show", GET "/ports/{port_id}", ALWAYS, policy::GET_PORT, 200, show::<Port>),
    op!("ports:update", PUT "/ports/{port_id}", ALWAYS, policy::UPDATE_PORT, 200, update::<Port>),
    op!("ports:delete", DELETE "/ports/{port_id}", ALWAYS, policy::DELETE_PORT, 204, delete::<Port>),
    op!("ports:tags", GET "/ports/{port_id}/tags", ALWAYS, policy::GET_PORT_TAGS, 200, tags::index::<Port>),
    op!("ports:replace_tags", PUT "/ports/{port_id}/tags", ALWAYS, policy::UPDATE_PORT_TAGS, 200, tags::replace::<Port>),
    op!("ports:add_tags", POST "/ports/{port_id}/tags", ALWAYS, policy::CREATE_PORT_TAGS, 200, tags::extend::<Port>),
    op!("ports:remove_tags", DELETE "/ports/{port_id}/tags", ALWAYS, policy::DELETE_PORT_TAGS, 204, tags::clear::<Port>),
    op!("ports:tag", GET "/ports/{port_id}/tags/{tag}", ALWAYS, policy::GET_PORT_TAGS, 204, tags::show::<Port>),
    op!("ports:add_tag", PUT "/ports/{port_id}/tags/{tag}", ALWAYS, policy::UPDATE_PORT_TAGS, 201, tags::add::<Port>),
    op!("ports:remove_tag", DELETE "/ports/{port_id}/tags/{tag}", ALWAYS, policy::DELETE_PORT_TAGS, 204, tags::remove::<Port>),

    op!("routers:index", GET "/routers", ALWAYS, policy::GET_ROUTER, 200, index::<Router>),
    op!("routers:create", POST "/routers", ALWAYS, policy::CREATE_ROUTER, 201, create::<Router>),
    op!("routers:show", GET "/routers/{router_id}", ALWAYS, policy::GET_ROUTER, 200, show::<Router>),
    op!("routers:update", PUT "/routers/{router_id}", ALWAYS, policy::UPDATE_ROUTER, 200, update::<Router>),
    op!("routers:delete", DELETE "/routers/{router_id}", ALWAYS, policy::DELETE_ROUTER, 204, delete::<Router>),
    op!("routers:add_interface", PUT "/routers/{router_id}/add_router_interface", ALWAYS, policy::ADD_ROUTER_INTERFACE, 200, routers::add_interface),
    op!("routers:remove_interface", PUT "/routers/{router_id}/remove_router_interface", ALWAYS, policy::REMOVE_ROUTER_INTERFACE, 200, routers::remove_interface),
    op!("routers:add_routes", PUT "/routers/{router_id}/add_extraroutes", ALWAYS, policy::ADD_EXTRAROUTES, 200, routers::add_routes),
    op!("routers:remove_routes", PUT "/routers/{router_id}/remove_extraroutes", ALWAYS, policy::REMOVE_EXTRAROUTES, 200, routers::remove_routes),
    op!("routers:tags", GET "/routers/{router_id}/tags", ALWAYS, policy::GET_ROUTER_TAGS, 200, tags::index::<Router>),
    op!("routers:replace_tags", PUT "/routers/{router_id}/tags", ALWAYS, policy::UPDATE_ROUTER_TAGS, 200, tags::replace::<Router>),
    op!("routers:add_tags", POST "/routers/{router_id}/tags", ALWAYS, policy::CREATE_ROUTER_TAGS, 200, tags::extend::<Router>),
    op!("routers:remove_tags", DELETE "/routers/{router_id}/tags", ALWAYS, policy::DELETE_ROUTER_TAGS, 204, tags::clear::<Router>),
    op!("routers:tag", GET "/routers/{router_id}/tags/{tag}", ALWAYS, policy::GET_ROUTER_TAGS, 204, tags::show::<Router>),
    op!("routers:add_tag", PUT "/routers/{router_id}/tags/{tag}", ALWAYS, policy::UPDATE_ROUTER_TAGS, 201, tags::add::<Router>),
    op!("routers:remove_tag", DELETE "/routers/{router_id}/tags/{tag}", ALWAYS, policy::DELETE_ROUTER_TAGS, 204, tags::remove::<Router>),

    op!("floatingips:index", GET "/floatingips", ALWAYS, policy::GET_FLOATINGIP, 200, index::<FloatingIp>),
    op!("floatingips:create", POST "/floatingips", ALWAYS, policy::CREATE_FLOATINGIP, 201, create::<FloatingIp>),
    op!("floatingips:show", GET "/floatingips/{floatingip_id}", ALWAYS, policy::GET_FLOATINGIP, 200, show::<FloatingIp>),
    op!("floatingips:update", PUT "/floatingips/{floatingip_id}", ALWAYS, policy::UPDATE_FLOATINGIP, 200, update::<FloatingIp>),
    op!("floatingips:delete", DELETE "/floatingips/{floatingip_id}", ALWAYS, policy::DELETE_FLOATINGIP, 204, delete::<FloatingIp>),
    op!("floatingips:tags", GET "/floatingips/{floatingip_id}/tags", ALWAYS, policy::GET_FLOATINGIP_TAGS, 200, tags::index::<FloatingIp>),
    op!("floatingips:replace_tags", PUT "/floatingips/{floatingip_id}/tags", ALWAYS, policy::UPDATE_FLOATINGIP_TAGS, 200, tags::replace::<FloatingIp>),
    op!("floatingips:add_tags", POST "/floatingips/{floatingip_id}/tags", ALWAYS, policy::CREATE_FLOATINGIP_TAGS, 200, tags::extend::<FloatingIp>),
    op!("floatingips:remove_tags", DELETE "/floatingips/{floatingip_id}/tags", ALWAYS, policy::DELETE_FLOATINGIP_TAGS, 204, tags::clear::<FloatingIp>),
    op!("floatingips:tag", GET "/floatingips/{floatingip_id}/tags/{tag}", ALWAYS, policy::GET_FLOATINGIP_TAGS, 204, tags::show::<FloatingIp>),
    op!("floatingips:add_tag", PUT "/floatingips/{floatingip_id}/tags/{tag}", ALWAYS, policy::UPDATE_FLOATINGIP_TAGS, 201, tags::add::<FloatingIp>),
    op!("floatingips:remove_tag", DELETE "/floatingips/{floatingip_id}/tags/{tag}", ALWAYS, policy::DELETE_FLOATINGIP_TAGS, 204, tags::remove::<FloatingIp>),

    op!("port_forwardings:index", GET "/floatingips/{floatingip_id}/port_forwardings", ALWAYS, policy::GET_PORT_FORWARDING, 200, port_forwardings::index),
    op!("port_forwardings:create", POST "/floatingips/{floatingip_id}/port_forwardings", ALWAYS, policy::CREATE_PORT_FORWARDING, 201, port_forwardings::create),
    op!("port_forwardings:show", GET "/floatingips/{floatingip_id}/port_forwardings/{port_forwarding_id}", ALWAYS, policy::GET_PORT_FORWARDING, 200, port_forwardings::show),
    op!("port_forwardings:update", PUT "/floatingips/{floatingip_id}/port_forwardings/{port_forwarding_id}", ALWAYS, policy::UPDATE_PORT_FORWARDING, 200, port_forwardings::update),
    op!("port_forwardings:delete", DELETE "/floatingips/{floatingip_id}/port_forwardings/{port_forwarding_id}", ALWAYS, policy::DELETE_PORT_FORWARDING, 204, port_forwardings::delete),

    op!("security-groups:index", GET "/security-groups", ALWAYS, policy::GET_SECURITY_GROUP, 200, security_groups::api::index),
    op!("security-groups:create", POST "/security-groups", ALWAYS, policy::CREATE_SECURITY_GROUP, 201, create::<SecurityGroup>),
    op!("security-groups:show", GET "/security-groups/{security_group_id}", ALWAYS, policy::GET_SECURITY_GROUP, 200, show::<SecurityGroup>),
    op!("security-groups:update", PUT "/security-groups/{security_group_id}", ALWAYS, policy::UPDATE_SECURITY_GROUP, 200, update::<SecurityGroup>),
    op!("security-groups:delete", DELETE "/security-groups/{security_group_id}", ALWAYS, policy::DELETE_SECURITY_GROUP, 204, delete::<SecurityGroup>),
    op!("security-groups:tags", GET "/security-groups/{security_group_id}/tags", ALWAYS, policy::GET_SECURITY_GROUP_TAGS, 200, tags::index::<SecurityGroup>),
    op!("security-groups:replace_tags", PUT "/security-groups/{security_group_id}/tags", ALWAYS, policy::UPDATE_SECURITY_GROUP_TAGS, 200, tags::replace::<SecurityGroup>),
    op!("security-groups:add_tags", POST "/security-groups/{security_group_id}/tags", ALWAYS, policy::CREATE_SECURITY_GROUP_TAGS, 200, tags::extend::<SecurityGroup>),
    op!("security-groups:remove_tags", DELETE "/security-groups/{security_group_id}/tags", ALWAYS, policy::DELETE_SECURITY_GROUP_TAGS, 204, tags::clear::<SecurityGroup>),
    op!("security-groups:tag", GET "/security-groups/{security_group_id}/tags/{tag}", ALWAYS, policy::GET_SECURITY_GROUP_TAGS, 204, tags::show::<SecurityGroup>),
    op!("security-groups:add_tag", PUT "/security-groups/{security_group_id}/tags/{tag}", ALWAYS, policy::UPDATE_SECURITY_GROUP_TAGS, 201, tags::add::<SecurityGroup>),
    op!("security-groups:remove_tag", DELETE "/security-groups/{security_group_id}/tags/{tag}", ALWAYS, policy::DELETE_SECURITY_GROUP_TAGS, 204, tags::remove::<SecurityGroup>),

    op!("security-group-rules:index", GET "/security-group-rules", ALWAYS, policy::GET_SECURITY_GROUP_RULE, 200, security_group_rules::api::index),
    op!("security-group-rules:create", POST "/security-group-rules", ALWAYS, policy::CREATE_SECURITY_GROUP_RULE, 201, create::<SecurityGroupRule>),
    op!("security-group-rules:show", GET "/security-group-rules/{security_group_rule_id}", ALWAYS, policy::GET_SECURITY_GROUP_RULE, 200, show::<SecurityGroupRule>),
    op!("security-group-rules:delete", DELETE "/security-group-rules/{security_group_rule_id}", ALWAYS, policy::DELETE_SECURITY_GROUP_RULE, 204, delete::<SecurityGroupRule>),

    op!("quotas:index", GET "/quotas", ALWAYS, policy::GET_QUOTA, 200, quotas::api::index),
    op!("quotas:project", GET "/quotas/project", ALWAYS, -, 200, quotas::api::project),
    op!("quotas:show", GET "/quotas/{project_id}", ALWAYS, policy::GET_QUOTA, 200, quotas::api::show),
    op!("quotas:default", GET "/quotas/{project_id}/default", ALWAYS, policy::GET_QUOTA, 200, quotas::api::default),
    op!("quotas:details", GET "/quotas/{project_id}/details", ALWAYS, policy::GET_QUOTA, 200, quotas::api::details),
    op!("quotas:update", PUT "/quotas/{project_id}", ALWAYS, policy::UPDATE_QUOTA, 200, quotas::api::update),
    op!("quotas:delete", DELETE "/quotas/{project_id}", ALWAYS, policy::DELETE_QUOTA, 204, quotas::api::delete),

    op!("agents:index", GET "/agents", ALWAYS, policy::GET_AGENT, 200, agents::api::index),
    op!("agents:show", GET "/agents/{agent_id}", ALWAYS, policy::GET_AGENT, 200, agents::api::show),
    op!("availability_zones:index", GET "/availability_zones", ALWAYS, policy::GET_AVAILABILITY_ZONE, 200, availability_zones::api::index),
    op!("network-ip-availabilities:index", GET "/network-ip-availabilities", ALWAYS, policy::GET_NETWORK_IP_AVAILABILITY, 200, network_ip_availabilities::api::index),
    op!("network-ip-availabilities:show", GET "/network-ip-availabilities/{network_id}", ALWAYS, policy::GET_NETWORK_IP_AVAILABILITY, 200, network_ip_availabilities::api::show),
];
