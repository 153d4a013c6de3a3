//! Rules, with the names and defaults that operators of Neutron know.

use kit::rules;

const ADMIN_ONLY: &str = "rule:admin_only";
const MEMBER: &str = "(rule:admin_only) or (role:member and project_id:%(project_id)s)";
const OWN_READER: &str = "(rule:admin_only) or (role:reader and project_id:%(project_id)s)";
const MANAGER: &str = "(rule:admin_only) or (role:manager and project_id:%(project_id)s)";
const PARENT_MEMBER: &str = "(rule:admin_only) or (role:member and rule:ext_parent_owner)";
const ADMIN_OR_SERVICE: &str = "(rule:admin_only) or (rule:service_api)";
const ON_NETWORK: &str =
    "(rule:admin_only) or (rule:service_api) or role:member and rule:network_owner";
const ON_NETWORK_OR_SHARED: &str = "(rule:admin_only) or (rule:service_api) or \
     role:member and rule:network_owner or rule:shared";
const NO_NETWORK_DEVICE: &str = "not rule:network_device or (rule:admin_only) or \
     (rule:service_api) or role:member and rule:network_owner";
const SUBNET_MEMBER: &str = "role:member and project_id:%(project_id)s or (rule:admin_only) or \
     (role:member and rule:network_owner)";
const MEMBER_OR_SERVICE: &str = "(rule:admin_only) or \
     (role:member and project_id:%(project_id)s) or rule:service_api";

rules! {
    ADMIN_ONLY_RULE, "admin_only", "rule:context_is_admin", "Administrators.", [];
    SERVICE_API, "service_api", "role:service", "Services that call each other.", [];
    NETWORK_OWNER, "network_owner", "project_id:%(network:project_id)s",
        "The owner of the network that the thing belongs to.", [];
    SHARED, "shared", "field:networks:shared=True", "A shared network.", [];
    EXTERNAL, "external", "field:networks:router:external=True", "An external network.", [];
    EXTERNAL_NETWORK, "external_network", "field:subnets:router:external=True",
        "A subnet of an external network.", [];
    NETWORK_DEVICE, "network_device", "field:port:device_owner=~^network:",
        "A port of a network device.", [];
    COMPUTE_DEVICE, "compute_device", "field:port:device_owner=~^compute:",
        "A port of a server.", [];
    SHARED_SUBNETPOOLS, "shared_subnetpools", "field:subnetpools:shared=True",
        "A shared subnet pool.", [];
    SHARED_ADDRESS_SCOPES, "shared_address_scopes", "field:address_scopes:shared=True",
        "A shared address scope.", [];
    SHARED_ADDRESS_GROUPS, "shared_address_groups", "field:address_groups:shared=True",
        "A shared address group.", [];
    SHARED_SECURITY_GROUP, "shared_security_group", "field:security_groups:shared=True",
        "A shared security group.", [];
    SECURITY_GROUP_OWNER, "sg_owner", "project_id:%(security_group:project_id)s",
        "The owner of the security group that the rule belongs to.", [];
    EXT_PARENT_OWNER, "ext_parent_owner", "tenant_id:%(ext_parent:tenant_id)s",
        "The owner of what the thing is a part of.", [];

    CREATE_NETWORK, "create_network", MEMBER, "Create a network.", ["POST /networks"];
    CREATE_NETWORK_SHARED, "create_network:shared", ADMIN_ONLY,
        "Create a shared network.", ["POST /networks"];
    CREATE_NETWORK_EXTERNAL, "create_network:router:external", ADMIN_ONLY,
        "Create an external network.", ["POST /networks"];
    CREATE_NETWORK_PORT_SECURITY, "create_network:port_security_enabled", MEMBER,
        "Say whether the ports of a new network are filtered.", ["POST /networks"];
    CREATE_NETWORK_TYPE, "create_network:provider:network_type", ADMIN_ONLY,
        "Choose the kind of a new network.", ["POST /networks"];
    CREATE_NETWORK_PHYSICAL, "create_network:provider:physical_network", ADMIN_ONLY,
        "Choose the physical network of a new network.", ["POST /networks"];
    CREATE_NETWORK_SEGMENT, "create_network:provider:segmentation_id", ADMIN_ONLY,
        "Choose the segment of a new network.", ["POST /networks"];
    CREATE_NETWORK_TAGS, "create_network:tags", MEMBER, "Add tags to a network.",
        ["POST /networks/{network_id}/tags"];
    GET_NETWORK, "get_network",
        "(rule:admin_only) or (role:reader and project_id:%(project_id)s) or rule:service_api or \
         rule:shared or rule:external",
        "See a network.", ["GET /networks", "GET /networks/{network_id}"];
    GET_NETWORK_TYPE, "get_network:provider:network_type", ADMIN_ONLY,
        "See the kind of a network.", ["GET /networks", "GET /networks/{network_id}"];
    GET_NETWORK_PHYSICAL, "get_network:provider:physical_network", ADMIN_ONLY,
        "See the physical network of a network.", ["GET /networks", "GET /networks/{network_id}"];
    GET_NETWORK_SEGMENT, "get_network:provider:segmentation_id", ADMIN_ONLY,
        "See the segment of a network.", ["GET /networks", "GET /networks/{network_id}"];
    GET_NETWORK_TAGS, "get_network:tags",
        "(rule:admin_only) or (role:reader and project_id:%(project_id)s) or rule:shared or \
         rule:external",
        "See the tags of a network.", ["GET /networks/{network_id}/tags"];
    UPDATE_NETWORK, "update_network", MEMBER, "Change a network.",
        ["PUT /networks/{network_id}"];
    UPDATE_NETWORK_SHARED, "update_network:shared", ADMIN_ONLY,
        "Share a network with every project.", ["PUT /networks/{network_id}"];
    UPDATE_NETWORK_EXTERNAL, "update_network:router:external", ADMIN_ONLY,
        "Make a network external.", ["PUT /networks/{network_id}"];
    UPDATE_NETWORK_PORT_SECURITY, "update_network:port_security_enabled", MEMBER,
        "Say whether the ports of a network are filtered.", ["PUT /networks/{network_id}"];
    UPDATE_NETWORK_TAGS, "update_network:tags", MEMBER, "Replace the tags of a network.",
        ["PUT /networks/{network_id}/tags"];
    DELETE_NETWORK, "delete_network", MEMBER, "Delete a network.",
        ["DELETE /networks/{network_id}"];
    DELETE_NETWORK_TAGS, "delete_network:tags", MEMBER, "Remove tags from a network.",
        ["DELETE /networks/{network_id}/tags"];

    CREATE_SUBNET, "create_subnet", "(rule:admin_only) or (role:member and rule:network_owner)",
        "Create a subnet.", ["POST /subnets"];
    CREATE_SUBNET_TAGS, "create_subnet:tags", SUBNET_MEMBER, "Add tags to a subnet.",
        ["POST /subnets/{subnet_id}/tags"];
    GET_SUBNET, "get_subnet",
        "role:reader and project_id:%(project_id)s or rule:shared or rule:external_network or \
         (rule:admin_only) or (role:reader and rule:network_owner) or rule:service_api",
        "See a subnet.", ["GET /subnets", "GET /subnets/{subnet_id}"];
    GET_SUBNET_TAGS, "get_subnet:tags",
        "role:reader and project_id:%(project_id)s or rule:shared or rule:external_network or \
         (rule:admin_only) or (role:reader and rule:network_owner)",
        "See the tags of a subnet.", ["GET /subnets/{subnet_id}/tags"];
    UPDATE_SUBNET, "update_subnet", SUBNET_MEMBER, "Change a subnet.",
        ["PUT /subnets/{subnet_id}"];
    UPDATE_SUBNET_TAGS, "update_subnet:tags", SUBNET_MEMBER, "Replace the tags of a subnet.",
        ["PUT /subnets/{subnet_id}/tags"];
    DELETE_SUBNET, "delete_subnet", SUBNET_MEMBER, "Delete a subnet.",
        ["DELETE /subnets/{subnet_id}"];
    DELETE_SUBNET_TAGS, "delete_subnet:tags", SUBNET_MEMBER, "Remove tags from a subnet.",
        ["DELETE /subnets/{subnet_id}/tags"];

    CREATE_SUBNETPOOL, "create_subnetpool", MEMBER, "Create a subnet pool.",
        ["POST /subnetpools"];
    CREATE_SUBNETPOOL_SHARED, "create_subnetpool:shared", ADMIN_ONLY,
        "Create a shared subnet pool.", ["POST /subnetpools"];
    CREATE_SUBNETPOOL_DEFAULT, "create_subnetpool:is_default", ADMIN_ONLY,
        "Create a default subnet pool.", ["POST /subnetpools"];
    CREATE_SUBNETPOOL_TAGS, "create_subnetpool:tags", MEMBER, "Add tags to a subnet pool.",
        ["POST /subnetpools/{subnetpool_id}/tags"];
    GET_SUBNETPOOL, "get_subnetpool",
        "(rule:admin_only) or (role:reader and project_id:%(project_id)s) or \
         rule:shared_subnetpools",
        "See a subnet pool.", ["GET /subnetpools", "GET /subnetpools/{subnetpool_id}"];
    GET_SUBNETPOOL_TAGS, "get_subnetpool:tags",
        "(rule:admin_only) or (role:reader and project_id:%(project_id)s) or \
         rule:shared_subnetpools",
        "See the tags of a subnet pool.", ["GET /subnetpools/{subnetpool_id}/tags"];
    UPDATE_SUBNETPOOL, "update_subnetpool", MEMBER, "Change a subnet pool.",
        ["PUT /subnetpools/{subnetpool_id}"];
    UPDATE_SUBNETPOOL_DEFAULT, "update_subnetpool:is_default", ADMIN_ONLY,
        "Make a subnet pool the default.", ["PUT /subnetpools/{subnetpool_id}"];
    UPDATE_SUBNETPOOL_TAGS, "update_subnetpool:tags", MEMBER,
        "Replace the tags of a subnet pool.", ["PUT /subnetpools/{subnetpool_id}/tags"];
    DELETE_SUBNETPOOL, "delete_subnetpool", MEMBER, "Delete a subnet pool.",
        ["DELETE /subnetpools/{subnetpool_id}"];
    DELETE_SUBNETPOOL_TAGS, "delete_subnetpool:tags", MEMBER,
        "Remove tags from a subnet pool.", ["DELETE /subnetpools/{subnetpool_id}/tags"];
    ADD_PREFIXES, "add_prefixes", MEMBER, "Add ranges to a subnet pool.",
        ["PUT /subnetpools/{subnetpool_id}/add_prefixes"];
    REMOVE_PREFIXES, "remove_prefixes", MEMBER, "Take ranges from a subnet pool.",
        ["PUT /subnetpools/{subnetpool_id}/remove_prefixes"];

    CREATE_ADDRESS_SCOPE, "create_address_scope", MEMBER, "Create an address scope.",
        ["POST /address-scopes"];
    CREATE_ADDRESS_SCOPE_SHARED, "create_address_scope:shared", ADMIN_ONLY,
        "Create a shared address scope.", ["POST /address-scopes"];
    GET_ADDRESS_SCOPE, "get_address_scope",
        "(rule:admin_only) or (role:reader and project_id:%(project_id)s) or \
         rule:shared_address_scopes",
        "See an address scope.",
        ["GET /address-scopes", "GET /address-scopes/{address_scope_id}"];
    UPDATE_ADDRESS_SCOPE, "update_address_scope", MEMBER, "Change an address scope.",
        ["PUT /address-scopes/{address_scope_id}"];
    UPDATE_ADDRESS_SCOPE_SHARED, "update_address_scope:shared", ADMIN_ONLY,
        "Share an address scope with every project.",
        ["PUT /address-scopes/{address_scope_id}"];
    DELETE_ADDRESS_SCOPE, "delete_address_scope", MEMBER, "Delete an address scope.",
        ["DELETE /address-scopes/{address_scope_id}"];

    CREATE_ADDRESS_GROUP, "create_address_group", MEMBER, "Create an address group.",
        ["POST /address-groups"];
    GET_ADDRESS_GROUP, "get_address_group",
        "(rule:admin_only) or (role:reader and project_id:%(project_id)s) or \
         rule:shared_address_groups",
        "See an address group.",
        ["GET /address-groups", "GET /address-groups/{address_group_id}"];
    UPDATE_ADDRESS_GROUP, "update_address_group", MEMBER, "Change an address group.",
        ["PUT /address-groups/{address_group_id}"];
    DELETE_ADDRESS_GROUP, "delete_address_group", MEMBER, "Delete an address group.",
        ["DELETE /address-groups/{address_group_id}"];
    ADD_ADDRESSES, "add_addresses", MEMBER, "Add ranges to an address group.",
        ["PUT /address-groups/{address_group_id}/add_addresses"];
    REMOVE_ADDRESSES, "remove_addresses", MEMBER, "Take ranges from an address group.",
        ["PUT /address-groups/{address_group_id}/remove_addresses"];

    CREATE_RBAC_POLICY, "create_rbac_policy", MEMBER, "Share a thing.", ["POST /rbac-policies"];
    CREATE_RBAC_POLICY_TARGET, "create_rbac_policy:target_tenant",
        "(rule:admin_only) or (not field:rbac_policy:target_tenant=* and \
         not field:rbac_policy:target_project=*)",
        "Share a thing with everybody.", ["POST /rbac-policies"];
    GET_RBAC_POLICY, "get_rbac_policy",
        "(rule:admin_only) or (role:reader and project_id:%(project_id)s)",
        "See with whom things are shared.",
        ["GET /rbac-policies", "GET /rbac-policies/{rbac_policy_id}"];
    UPDATE_RBAC_POLICY, "update_rbac_policy", MEMBER, "Share a thing with somebody else.",
        ["PUT /rbac-policies/{rbac_policy_id}"];
    UPDATE_RBAC_POLICY_TARGET, "update_rbac_policy:target_tenant",
        "(rule:admin_only) or (not field:rbac_policy:target_tenant=* and \
         not field:rbac_policy:target_project=*)",
        "Share a thing with everybody from now on.", ["PUT /rbac-policies/{rbac_policy_id}"];
    DELETE_RBAC_POLICY, "delete_rbac_policy", MEMBER, "End that a thing is shared.",
        ["DELETE /rbac-policies/{rbac_policy_id}"];

    CREATE_PORT, "create_port", ON_NETWORK_OR_SHARED, "Create a port.", ["POST /ports"];
    CREATE_PORT_DEVICE_ID, "create_port:device_id", MEMBER_OR_SERVICE,
        "Name the device of a new port.", ["POST /ports"];
    CREATE_PORT_DEVICE_OWNER, "create_port:device_owner", NO_NETWORK_DEVICE,
        "Name the kind of device of a new port.", ["POST /ports"];
    CREATE_PORT_MAC, "create_port:mac_address", ON_NETWORK, "Choose the MAC of a new port.",
        ["POST /ports"];
    CREATE_PORT_ADDRESS_PAIRS, "create_port:allowed_address_pairs", ON_NETWORK,
        "Say what a new port may send from besides.", ["POST /ports"];
    CREATE_PORT_PORT_SECURITY, "create_port:port_security_enabled", ON_NETWORK,
        "Say whether a new port is filtered.", ["POST /ports"];
    CREATE_PORT_FIXED_IPS, "create_port:fixed_ips", ON_NETWORK_OR_SHARED,
        "Say which addresses a new port gets.", ["POST /ports"];
    CREATE_PORT_ADDRESS, "create_port:fixed_ips:ip_address", ON_NETWORK,
        "Choose the address of a new port.", ["POST /ports"];
    CREATE_PORT_HOST, "create_port:binding:host_id", ADMIN_OR_SERVICE,
        "Choose the host of a new port.", ["POST /ports"];
    CREATE_PORT_PROFILE, "create_port:binding:profile", "rule:service_api",
        "Set the binding profile of a new port.", ["POST /ports"];
    CREATE_PORT_VNIC_TYPE, "create_port:binding:vnic_type", MEMBER_OR_SERVICE,
        "Choose the kind of interface of a new port.", ["POST /ports"];
    CREATE_PORT_TAGS, "create_port:tags", MEMBER, "Add tags to a port.",
        ["POST /ports/{port_id}/tags"];
    GET_PORT, "get_port",
        "(rule:admin_only) or (rule:service_api) or role:reader and rule:network_owner or \
         role:reader and project_id:%(project_id)s",
        "See a port.", ["GET /ports", "GET /ports/{port_id}"];
    GET_PORT_VIF_TYPE, "get_port:binding:vif_type", ADMIN_OR_SERVICE,
        "See how a port is plugged in.", ["GET /ports", "GET /ports/{port_id}"];
    GET_PORT_VIF_DETAILS, "get_port:binding:vif_details", ADMIN_OR_SERVICE,
        "See the details of how a port is plugged in.", ["GET /ports", "GET /ports/{port_id}"];
    GET_PORT_HOST, "get_port:binding:host_id", ADMIN_OR_SERVICE, "See the host of a port.",
        ["GET /ports", "GET /ports/{port_id}"];
    GET_PORT_PROFILE, "get_port:binding:profile", ADMIN_OR_SERVICE,
        "See the binding profile of a port.", ["GET /ports", "GET /ports/{port_id}"];
    GET_PORT_TAGS, "get_port:tags",
        "(rule:admin_only) or (role:reader and rule:network_owner) or \
         role:reader and project_id:%(project_id)s",
        "See the tags of a port.", ["GET /ports/{port_id}/tags"];
    UPDATE_PORT, "update_port",
        "(rule:admin_only) or (rule:service_api) or role:member and project_id:%(project_id)s",
        "Change a port.", ["PUT /ports/{port_id}"];
    UPDATE_PORT_DEVICE_ID, "update_port:device_id", MEMBER_OR_SERVICE,
        "Name the device of a port.", ["PUT /ports/{port_id}"];
    UPDATE_PORT_DEVICE_OWNER, "update_port:device_owner", NO_NETWORK_DEVICE,
        "Name the kind of device of a port.", ["PUT /ports/{port_id}"];
    UPDATE_PORT_MAC, "update_port:mac_address",
        "(rule:admin_only) or (rule:service_api) or role:manager and rule:network_owner",
        "Change the MAC of a port.", ["PUT /ports/{port_id}"];
    UPDATE_PORT_ADDRESS_PAIRS, "update_port:allowed_address_pairs", ON_NETWORK,
        "Say what a port may send from besides.", ["PUT /ports/{port_id}"];
    UPDATE_PORT_PORT_SECURITY, "update_port:port_security_enabled", ON_NETWORK,
        "Say whether a port is filtered.", ["PUT /ports/{port_id}"];
    UPDATE_PORT_FIXED_IPS, "update_port:fixed_ips", ON_NETWORK, "Change the addresses of a port.",
        ["PUT /ports/{port_id}"];
    UPDATE_PORT_HOST, "update_port:binding:host_id", ADMIN_OR_SERVICE,
        "Change the host of a port.", ["PUT /ports/{port_id}"];
    UPDATE_PORT_PROFILE, "update_port:binding:profile", "rule:service_api",
        "Change the binding profile of a port.", ["PUT /ports/{port_id}"];
    UPDATE_PORT_VNIC_TYPE, "update_port:binding:vnic_type",
        "(rule:admin_only) or (rule:service_api) or role:member and project_id:%(project_id)s",
        "Change the kind of interface of a port.", ["PUT /ports/{port_id}"];
    UPDATE_PORT_TAGS, "update_port:tags", MEMBER, "Replace the tags of a port.",
        ["PUT /ports/{port_id}/tags"];
    DELETE_PORT, "delete_port",
        "(rule:admin_only) or (rule:service_api) or (not rule:compute_device and \
         (role:member and rule:network_owner or role:member and project_id:%(project_id)s))",
        "Delete a port.", ["DELETE /ports/{port_id}"];
    DELETE_PORT_TAGS, "delete_port:tags", SUBNET_MEMBER, "Remove tags from a port.",
        ["DELETE /ports/{port_id}/tags"];

    CREATE_ROUTER, "create_router", MEMBER, "Create a router.",
        ["POST /routers"];
    CREATE_ROUTER_GATEWAY, "create_router:external_gateway_info", MEMBER, "Choose the way out of a router.",
        ["POST /routers"];
    CREATE_ROUTER_GATEWAY_NETWORK, "create_router:external_gateway_info:network_id", MEMBER, "Choose the external network of a router.",
        ["POST /routers"];
    CREATE_ROUTER_GATEWAY_SNAT, "create_router:external_gateway_info:enable_snat", ADMIN_ONLY, "Choose whether a router lends its address.",
        ["POST /routers"];
    CREATE_ROUTER_GATEWAY_IPS, "create_router:external_gateway_info:external_fixed_ips", ADMIN_ONLY, "Choose the address of a router outside.",
        ["POST /routers"];
    UPDATE_ROUTER_GATEWAY, "update_router:external_gateway_info", MEMBER, "Choose the way out of a router.",
        ["PUT /routers/{router_id}"];
    UPDATE_ROUTER_GATEWAY_NETWORK, "update_router:external_gateway_info:network_id", MEMBER, "Choose the external network of a router.",
        ["PUT /routers/{router_id}"];
    UPDATE_ROUTER_GATEWAY_SNAT, "update_router:external_gateway_info:enable_snat", ADMIN_ONLY, "Choose whether a router lends its address.",
        ["PUT /routers/{router_id}"];
    UPDATE_ROUTER_GATEWAY_IPS, "update_router:external_gateway_info:external_fixed_ips", ADMIN_ONLY, "Choose the address of a router outside.",
        ["PUT /routers/{router_id}"];
    CREATE_ROUTER_TAGS, "create_router:tags", MEMBER, "Add tags to a router.",
        ["POST /routers/{router_id}/tags"];
    GET_ROUTER, "get_router", OWN_READER, "See a router.",
        ["GET /routers", "GET /routers/{router_id}"];
    GET_ROUTER_TAGS, "get_router:tags", OWN_READER, "See the tags of a router.",
        ["GET /routers/{router_id}/tags"];
    UPDATE_ROUTER, "update_router", MEMBER, "Change a router.",
        ["PUT /routers/{router_id}"];
    UPDATE_ROUTER_TAGS, "update_router:tags", MEMBER, "Replace the tags of a router.",
        ["PUT /routers/{router_id}/tags"];
    DELETE_ROUTER, "delete_router", MEMBER, "Delete a router.",
        ["DELETE /routers/{router_id}"];
    DELETE_ROUTER_TAGS, "delete_router:tags", MEMBER, "Remove tags from a router.",
        ["DELETE /routers/{router_id}/tags"];
    ADD_ROUTER_INTERFACE, "add_router_interface", MEMBER, "Join a subnet to a router.",
        ["PUT /routers/{router_id}/add_router_interface"];
    REMOVE_ROUTER_INTERFACE, "remove_router_interface", MEMBER, "Part a subnet from a router.",
        ["PUT /routers/{router_id}/remove_router_interface"];

    ADD_EXTRAROUTES, "add_extraroutes", MEMBER, "Add extra routes to a router.",
        ["PUT /routers/{router_id}/add_extraroutes"];
    REMOVE_EXTRAROUTES, "remove_extraroutes", MEMBER, "Remove extra routes from a router.",
        ["PUT /routers/{router_id}/remove_extraroutes"];

    CREATE_FLOATINGIP, "create_floatingip", MEMBER, "Create a floating IP.",
        ["POST /floatingips"];
    CREATE_FLOATINGIP_ADDRESS, "create_floatingip:floating_ip_address", MANAGER, "Choose the address of a floating IP.",
        ["POST /floatingips"];
    CREATE_FLOATINGIP_TAGS, "create_floatingip:tags", MEMBER, "Add tags to a floating IP.",
        ["POST /floatingips/{floatingip_id}/tags"];
    GET_FLOATINGIP, "get_floatingip", OWN_READER, "See a floating IP.",
        ["GET /floatingips", "GET /floatingips/{floatingip_id}"];
    GET_FLOATINGIP_TAGS, "get_floatingip:tags", OWN_READER, "See the tags of a floating IP.",
        ["GET /floatingips/{floatingip_id}/tags"];
    UPDATE_FLOATINGIP, "update_floatingip", MEMBER, "Change a floating IP.",
        ["PUT /floatingips/{floatingip_id}"];
    UPDATE_FLOATINGIP_TAGS, "update_floatingip:tags", MEMBER, "Replace the tags of a floating IP.",
        ["PUT /floatingips/{floatingip_id}/tags"];
    DELETE_FLOATINGIP, "delete_floatingip", MEMBER, "Delete a floating IP.",
        ["DELETE /floatingips/{floatingip_id}"];
    DELETE_FLOATINGIP_TAGS, "delete_floatingip:tags", MEMBER, "Remove tags from a floating IP.",
        ["DELETE /floatingips/{floatingip_id}/tags"];
    CREATE_PORT_FORWARDING, "create_floatingip_port_forwarding", PARENT_MEMBER,
        "Lead a port of a floating IP to a guest.",
        ["POST /floatingips/{floatingip_id}/port_forwardings"];
    GET_PORT_FORWARDING, "get_floatingip_port_forwarding",
        "(rule:admin_only) or (role:reader and rule:ext_parent_owner)",
        "See where ports of a floating IP lead.",
        ["GET /floatingips/{floatingip_id}/port_forwardings",
         "GET /floatingips/{floatingip_id}/port_forwardings/{port_forwarding_id}"];
    UPDATE_PORT_FORWARDING, "update_floatingip_port_forwarding", PARENT_MEMBER,
        "Lead a port of a floating IP elsewhere.",
        ["PUT /floatingips/{floatingip_id}/port_forwardings/{port_forwarding_id}"];
    DELETE_PORT_FORWARDING, "delete_floatingip_port_forwarding", PARENT_MEMBER,
        "Lead a port of a floating IP nowhere.",
        ["DELETE /floatingips/{floatingip_id}/port_forwardings/{port_forwarding_id}"];

    CREATE_SECURITY_GROUP, "create_security_group", MEMBER, "Create a security group.",
        ["POST /security-groups"];
    CREATE_SECURITY_GROUP_TAGS, "create_security_group:tags", MEMBER,
        "Add tags to a security group.", ["POST /security-groups/{security_group_id}/tags"];
    GET_SECURITY_GROUP, "get_security_group",
        "(rule:admin_only) or (role:reader and project_id:%(project_id)s) or \
         rule:shared_security_group",
        "See a security group.",
        ["GET /security-groups", "GET /security-groups/{security_group_id}"];
    GET_SECURITY_GROUP_TAGS, "get_security_group:tags",
        "(rule:admin_only) or (role:reader and project_id:%(project_id)s) or \
         rule:shared_security_group",
        "See the tags of a security group.", ["GET /security-groups/{security_group_id}/tags"];
    UPDATE_SECURITY_GROUP, "update_security_group", MEMBER, "Change a security group.",
        ["PUT /security-groups/{security_group_id}"];
    UPDATE_SECURITY_GROUP_TAGS, "update_security_group:tags", MEMBER,
        "Replace the tags of a security group.", ["PUT /security-groups/{security_group_id}/tags"];
    DELETE_SECURITY_GROUP, "delete_security_group", MEMBER, "Delete a security group.",
        ["DELETE /security-groups/{security_group_id}"];
    DELETE_SECURITY_GROUP_TAGS, "delete_security_group:tags", MEMBER,
        "Remove tags from a security group.",
        ["DELETE /security-groups/{security_group_id}/tags"];
    CREATE_SECURITY_GROUP_RULE, "create_security_group_rule",
        "(rule:admin_only) or (role:member and rule:sg_owner)",
        "Create a rule of a security group.", ["POST /security-group-rules"];
    GET_SECURITY_GROUP_RULE, "get_security_group_rule",
        "(rule:admin_only) or (role:reader and rule:sg_owner)",
        "See a rule of a security group.",
        ["GET /security-group-rules", "GET /security-group-rules/{security_group_rule_id}"];
    DELETE_SECURITY_GROUP_RULE, "delete_security_group_rule",
        "(rule:admin_only) or (role:member and rule:sg_owner)",
        "Delete a rule of a security group.",
        ["DELETE /security-group-rules/{security_group_rule_id}"];

    GET_QUOTA, "get_quota", "(rule:admin_only) or (role:manager and project_id:%(project_id)s)",
        "See the limits of a project.", ["GET /quotas", "GET /quotas/{project_id}"];
    UPDATE_QUOTA, "update_quota", ADMIN_ONLY, "Change the limits of a project.",
        ["PUT /quotas/{project_id}"];
    DELETE_QUOTA, "delete_quota", ADMIN_ONLY, "Give a project the default limits again.",
        ["DELETE /quotas/{project_id}"];
    GET_AGENT, "get_agent", ADMIN_ONLY, "See agents.", ["GET /agents", "GET /agents/{agent_id}"];
    GET_AVAILABILITY_ZONE, "get_availability_zone", "role:reader", "List availability zones.",
        ["GET /availability_zones"];
    GET_NETWORK_IP_AVAILABILITY, "get_network_ip_availability", ADMIN_OR_SERVICE,
        "See how many addresses are left.",
        ["GET /network-ip-availabilities", "GET /network-ip-availabilities/{network_id}"];
}
