//! Neutron 29: `neutron/conf/policies`, and `neutron/pecan_wsgi/hooks/policy_enforcement.py` for
//! what is hidden: 404 for what the caller may not see; but rules that ask for the owner of
//! something else, and tags, look with the eyes of an administrator, and say 403.

use serde_json::{Value, json};

use super::world::{Ids, Owners};
use super::{
    ABSENT, ADMIN, ANYBODY, HIDDEN_ADMIN, HIDDEN_MANAGER, HIDDEN_MEMBER, HIDDEN_READER, MANAGER,
    MEMBER, OTHERS, OWN_MEMBER, PUBLIC, READER, Row, SECRET, row,
};
use crate::network::{network, routers, subnet};

/// The floating IP of which a port leads somewhere.
const FORWARDED: &[(&str, &str)] = &[("floatingip_id", "forwarded_floatingip_id")];

const TAGS: &str = r#"{"tags": ["blue"]}"#;

/// A network of `demo` with a subnet, a port, a security group and a rule, a router and a floating IP, each with a tag if it
/// can have one; and a network without a subnet.
pub(super) async fn furnish(owners: &Owners) -> Ids {
    let demo = &owners.demo;
    let make = async |collection: &str, name: &str, body: Value| {
        let path = format!("/network/v2.0/{collection}");
        demo.post(&path, json!({name: body})).await.expect(201).text(&format!("/{name}/id"))
    };
    let empty = network(demo, "empty").await;
    let network = network(demo, "matrix").await;
    let subnet = subnet(demo, &network, "10.77.0.0/24").await;
    let port = make("ports", "port", json!({"network_id": network})).await;
    let group = make("security-groups", "security_group", json!({"name": "matrix"})).await;
    let rule = json!({"security_group_id": group, "direction": "ingress", "protocol": "tcp"});
    let rule = make("security-group-rules", "security_group_rule", rule).await;
    let scope = json!({"name": "matrix", "ip_version": 4});
    let scope = make("address-scopes", "address_scope", scope).await;
    let addresses = json!({"name": "matrix", "addresses": ["10.90.0.0/16"]});
    let addresses = make("address-groups", "address_group", addresses).await;
    let pool = json!({"name": "matrix", "prefixes": ["10.80.0.0/16"]});
    let pool = make("subnetpools", "subnetpool", pool).await;
    let router = make("routers", "router", json!({"name": "matrix"})).await;
    let external = "/network/v2.0/networks?router:external=true";
    let public = demo.find(external, "networks").await;
    let floating = json!({"floating_network_id": public});
    let floating = make("floatingips", "floatingip", floating).await;
    let inside = crate::network::network(demo, "inside").await;
    let joined = crate::network::subnet(demo, &inside, "10.81.0.0/24").await;
    let way_out = routers::router(demo, Some(&public)).await;
    routers::join(demo, &way_out, json!({"subnet_id": joined})).await.expect(200);
    let fixed = json!([{"ip_address": "10.81.0.9"}]);
    let guest = make("ports", "port", json!({"network_id": inside, "fixed_ips": fixed})).await;
    let floating_body = json!({"floating_network_id": public});
    let forwarded = make("floatingips", "floatingip", floating_body).await;
    let forwarding = json!({"internal_port_id": guest, "internal_ip_address": "10.81.0.9",
        "internal_port": 80, "external_port": 80, "protocol": "tcp"});
    let forwardings = format!("floatingips/{forwarded}/port_forwardings");
    let forwarding = make(&forwardings, "port_forwarding", forwarding).await;
    // Shared with a project that nobody is in.
    let nobody = "0123456789abcdef0123456789abcdef";
    let shared = json!({"object_type": "network", "object_id": empty, "target_tenant": nobody,
        "action": "access_as_shared"});
    let shared = make("rbac-policies", "rbac_policy", shared).await;
    let tagged = [
        ("networks", &network),
        ("subnets", &subnet),
        ("subnetpools", &pool),
        ("ports", &port),
        ("security-groups", &group),
        ("routers", &router),
        ("floatingips", &floating),
    ];
    for (collection, id) in tagged {
        let path = format!("/network/v2.0/{collection}/{id}/tags/blue");
        demo.put(&path, Value::Null).await.expect(201);
    }
    let alias = demo.get("/network/v2.0/extensions").await.expect(200).text("/extensions/0/alias");
    Ids::from([
        ("network_id", network),
        ("empty_network_id", empty),
        ("shared_network_id", demo.find("/network/v2.0/networks?shared=true", "networks").await),
        ("public_network_id", public),
        ("router_id", router),
        ("floatingip_id", floating),
        ("forwarded_floatingip_id", forwarded),
        ("port_forwarding_id", forwarding),
        ("inside_port_id", guest),
        ("subnet_id", subnet),
        ("rbac_policy_id", shared),
        ("subnetpool_id", pool),
        ("address_group_id", addresses),
        ("address_scope_id", scope),
        ("port_id", port),
        ("security_group_id", group),
        ("security_group_rule_id", rule),
        ("agent_id", "none".to_owned()),
        ("alias", alias),
        ("tag", "blue".to_owned()),
    ])
}

#[rustfmt::skip] // a row is a line
pub(super) static ROWS: &[Row] = &[
    row("network-versions:index", PUBLIC),
    row("network-versions:show", ANYBODY),
    row("network-extensions:index", ANYBODY),
    row("network-extensions:show", ANYBODY),
    // Neutron: a list leaves out what the caller may not see, and is never refused.
    row("agents:index", ANYBODY),
    row("agents:show", ABSENT),
    row("availability_zones:index", ANYBODY),
    row("network-ip-availabilities:index", ANYBODY),
    row("network-ip-availabilities:show", SECRET),

    row("networks:index", ANYBODY),
    row("networks:create", OWN_MEMBER).body(r#"{"network": {}}"#),
    row("networks:create", ADMIN).body(r#"{"network": {"shared": true}}"#),
    row("networks:create", ADMIN).body(r#"{"network": {"router:external": true}}"#),
    row("networks:create", ADMIN).body(r#"{"network": {"provider:network_type": "local"}}"#),
    row("networks:show", HIDDEN_READER),
    row("networks:update", HIDDEN_MEMBER).body(r#"{"network": {"name": "x"}}"#),
    row("networks:update", HIDDEN_ADMIN).body(r#"{"network": {"shared": true}}"#),
    row("networks:update", HIDDEN_ADMIN).body(r#"{"network": {"router:external": true}}"#),
    row("networks:add_tags", MEMBER).body(TAGS),
    row("networks:replace_tags", MEMBER).body(TAGS),
    row("networks:add_tag", MEMBER),
    row("networks:tags", READER),
    row("networks:tag", READER),
    row("networks:remove_tag", MEMBER),
    row("networks:remove_tags", MEMBER),

    row("subnets:index", ANYBODY),
    row("subnets:create", MEMBER).body(r#"{"subnet": {"network_id": "{empty_network_id}", "ip_version": 4, "cidr": "10.78.0.0/24"}}"#),
    row("subnets:show", HIDDEN_READER),
    row("subnets:update", HIDDEN_MEMBER).body(r#"{"subnet": {"name": "x"}}"#),
    row("subnets:add_tags", MEMBER).body(TAGS),
    row("subnets:replace_tags", MEMBER).body(TAGS),
    row("subnets:add_tag", MEMBER),
    row("subnets:tags", READER),
    row("subnets:tag", READER),
    row("subnets:remove_tag", MEMBER),
    row("subnets:remove_tags", MEMBER),

    row("subnetpools:index", ANYBODY),
    row("subnetpools:create", OWN_MEMBER).body(r#"{"subnetpool": {"name": "x", "prefixes": ["10.81.0.0/16"]}}"#),
    row("subnetpools:create", ADMIN).body(r#"{"subnetpool": {"name": "x", "prefixes": ["10.82.0.0/16"], "shared": true}}"#),
    row("subnetpools:create", ADMIN).body(r#"{"subnetpool": {"name": "x", "prefixes": ["10.83.0.0/16"], "is_default": true}}"#),
    row("subnetpools:show", HIDDEN_READER),
    row("subnetpools:update", HIDDEN_MEMBER).body(r#"{"subnetpool": {"name": "x"}}"#),
    row("subnetpools:update", HIDDEN_ADMIN).body(r#"{"subnetpool": {"is_default": false}}"#),
    row("subnetpools:add_prefixes", HIDDEN_MEMBER).body(r#"{"prefixes": ["10.84.0.0/16"]}"#),
    row("subnetpools:remove_prefixes", HIDDEN_MEMBER).body(r#"{"prefixes": ["10.84.0.0/16"]}"#),
    row("subnetpools:add_tags", MEMBER).body(TAGS),
    row("subnetpools:replace_tags", MEMBER).body(TAGS),
    row("subnetpools:add_tag", MEMBER),
    row("subnetpools:tags", READER),
    row("subnetpools:tag", READER),
    row("subnetpools:remove_tag", MEMBER),
    row("subnetpools:remove_tags", MEMBER),

    row("address-scopes:index", ANYBODY),
    row("address-scopes:create", OWN_MEMBER).body(r#"{"address_scope": {"ip_version": 4}}"#),
    row("address-scopes:create", ADMIN).body(r#"{"address_scope": {"ip_version": 4, "shared": true}}"#),
    row("address-scopes:show", HIDDEN_READER),
    row("address-scopes:update", HIDDEN_MEMBER).body(r#"{"address_scope": {"name": "x"}}"#),
    row("address-scopes:update", HIDDEN_ADMIN).body(r#"{"address_scope": {"shared": false}}"#),

    row("address-groups:index", ANYBODY),
    row("address-groups:create", OWN_MEMBER).body(r#"{"address_group": {"name": "x"}}"#),
    row("address-groups:show", HIDDEN_READER),
    row("address-groups:update", HIDDEN_MEMBER).body(r#"{"address_group": {"name": "x"}}"#),
    row("address-groups:add_addresses", HIDDEN_MEMBER).body(r#"{"addresses": []}"#),
    row("address-groups:remove_addresses", HIDDEN_MEMBER).body(r#"{"addresses": []}"#),

    row("rbac-policies:index", ANYBODY),
    row("rbac-policies:create", HIDDEN_MEMBER).body(r#"{"rbac_policy": {"object_type": "subnetpool", "object_id": "{subnetpool_id}", "action": "access_as_shared", "target_tenant": "0123456789abcdef0123456789abcdef"}}"#),
    row("rbac-policies:create", ADMIN).body(r#"{"rbac_policy": {"object_type": "network", "object_id": "{empty_network_id}", "action": "access_as_external", "target_tenant": "*"}}"#),
    row("rbac-policies:show", HIDDEN_READER),
    row("rbac-policies:update", HIDDEN_MEMBER).body(r#"{"rbac_policy": {"target_tenant": "0123456789abcdef0123456789abcde0"}}"#),

    row("ports:index", ANYBODY),
    row("ports:create", HIDDEN_MEMBER).body(r#"{"port": {"network_id": "{network_id}"}}"#),
    row("ports:create", HIDDEN_MEMBER).body(r#"{"port": {"network_id": "{network_id}", "mac_address": "fa:16:3e:00:00:01"}}"#),
    row("ports:create", HIDDEN_MEMBER).body(r#"{"port": {"network_id": "{network_id}", "fixed_ips": [{"ip_address": "10.77.0.77"}]}}"#),
    row("ports:create", HIDDEN_MEMBER).body(r#"{"port": {"network_id": "{network_id}", "device_owner": "network:dhcp"}}"#),
    row("ports:create", HIDDEN_ADMIN).body(r#"{"port": {"network_id": "{network_id}", "binding:host_id": "x"}}"#),
    // Neutron: everybody gets ports on a shared network, but chooses no addresses there.
    row("ports:create", ANYBODY).body(r#"{"port": {"network_id": "{shared_network_id}"}}"#),
    row("ports:create", ADMIN).body(r#"{"port": {"network_id": "{shared_network_id}", "mac_address": "fa:16:3e:00:00:02"}}"#),
    row("ports:create", OTHERS).body(r#"{"port": {"network_id": "{shared_network_id}", "binding:profile": {"a": 1}}}"#),
    row("ports:show", HIDDEN_READER),
    row("ports:update", HIDDEN_MEMBER).body(r#"{"port": {"name": "x"}}"#),
    row("ports:update", HIDDEN_MEMBER).body(r#"{"port": {"fixed_ips": [{"ip_address": "10.77.0.78"}]}}"#),
    row("ports:update", HIDDEN_MANAGER).body(r#"{"port": {"mac_address": "fa:16:3e:00:00:03"}}"#),
    row("ports:update", HIDDEN_ADMIN).body(r#"{"port": {"binding:host_id": "x"}}"#),
    row("ports:add_tags", MEMBER).body(TAGS),
    row("ports:replace_tags", MEMBER).body(TAGS),
    row("ports:add_tag", MEMBER),
    row("ports:tags", READER),
    row("ports:tag", READER),
    row("ports:remove_tag", MEMBER),
    row("ports:remove_tags", MEMBER),

    row("routers:index", ANYBODY),
    row("routers:create", OWN_MEMBER).body(r#"{"router": {}}"#),
    row("routers:create", OWN_MEMBER).body(r#"{"router": {"external_gateway_info": {"network_id": "{public_network_id}"}}}"#),
    row("routers:create", ADMIN).body(r#"{"router": {"external_gateway_info": {"network_id": "{public_network_id}", "enable_snat": false}}}"#),
    row("routers:create", ADMIN).body(r#"{"router": {"external_gateway_info": {"network_id": "{public_network_id}", "external_fixed_ips": []}}}"#),
    row("routers:show", HIDDEN_READER),
    row("routers:update", HIDDEN_MEMBER).body(r#"{"router": {"name": "x"}}"#),
    row("routers:update", HIDDEN_ADMIN).body(r#"{"router": {"external_gateway_info": {"network_id": "{public_network_id}", "enable_snat": true}}}"#),
    row("routers:add_interface", HIDDEN_MEMBER).body(r#"{"subnet_id": "{subnet_id}"}"#),
    row("routers:remove_interface", HIDDEN_MEMBER).body(r#"{"subnet_id": "{subnet_id}"}"#),
    row("routers:add_routes", HIDDEN_MEMBER).body(r#"{"router": {"routes": []}}"#),
    row("routers:remove_routes", HIDDEN_MEMBER).body(r#"{"router": {"routes": []}}"#),
    row("routers:add_tags", MEMBER).body(TAGS),
    row("routers:replace_tags", MEMBER).body(TAGS),
    row("routers:add_tag", MEMBER),
    row("routers:tags", READER),
    row("routers:tag", READER),
    row("routers:remove_tag", MEMBER),
    row("routers:remove_tags", MEMBER),

    row("floatingips:index", ANYBODY),
    row("floatingips:create", OWN_MEMBER).body(r#"{"floatingip": {"floating_network_id": "{public_network_id}"}}"#),
    row("floatingips:create", MANAGER).body(r#"{"floatingip": {"floating_network_id": "{public_network_id}", "floating_ip_address": "172.24.4.200"}}"#),
    row("floatingips:show", HIDDEN_READER),
    row("floatingips:update", HIDDEN_MEMBER).body(r#"{"floatingip": {"port_id": null}}"#),
    row("floatingips:add_tags", MEMBER).body(TAGS),
    row("floatingips:replace_tags", MEMBER).body(TAGS),
    row("floatingips:add_tag", MEMBER),
    row("floatingips:tags", READER),
    row("floatingips:tag", READER),
    row("floatingips:remove_tag", MEMBER),
    row("floatingips:remove_tags", MEMBER),

    row("port_forwardings:index", HIDDEN_READER).on(FORWARDED),
    row("port_forwardings:create", MEMBER).on(FORWARDED).body(r#"{"port_forwarding": {"internal_port_id": "{inside_port_id}", "internal_ip_address": "10.81.0.9", "internal_port": 81, "external_port": 81, "protocol": "tcp"}}"#),
    row("port_forwardings:show", HIDDEN_READER).on(FORWARDED),
    row("port_forwardings:update", HIDDEN_MEMBER).on(FORWARDED).body(r#"{"port_forwarding": {"description": "x"}}"#),

    row("security-groups:index", ANYBODY),
    row("security-groups:create", OWN_MEMBER).body(r#"{"security_group": {"name": "x"}}"#),
    row("security-groups:show", HIDDEN_READER),
    row("security-groups:update", HIDDEN_MEMBER).body(r#"{"security_group": {"name": "x"}}"#),
    row("security-groups:add_tags", MEMBER).body(TAGS),
    row("security-groups:replace_tags", MEMBER).body(TAGS),
    row("security-groups:add_tag", MEMBER),
    row("security-groups:tags", READER),
    row("security-groups:tag", READER),
    row("security-groups:remove_tag", MEMBER),
    row("security-groups:remove_tags", MEMBER),

    row("security-group-rules:index", ANYBODY),
    row("security-group-rules:create", MEMBER).body(r#"{"security_group_rule": {"security_group_id": "{security_group_id}", "direction": "egress", "protocol": "tcp"}}"#),
    row("security-group-rules:show", HIDDEN_READER),

    // Neutron: a project sees its own limits whatever the role (`extensions/quotasv2.py`).
    row("quotas:index", MANAGER),
    row("quotas:project", ANYBODY),
    row("quotas:show", READER),
    row("quotas:default", READER),
    row("quotas:details", READER),
    row("quotas:update", ADMIN).body(r#"{"quota": {"network": 100}}"#),
    row("quotas:delete", ADMIN),

    row("port_forwardings:delete", HIDDEN_MEMBER).on(FORWARDED),
    row("floatingips:delete", HIDDEN_MEMBER),
    row("routers:delete", HIDDEN_MEMBER),
    row("security-group-rules:delete", HIDDEN_MEMBER),
    row("security-groups:delete", HIDDEN_MEMBER),
    row("rbac-policies:delete", HIDDEN_MEMBER),
    row("networks:delete", HIDDEN_MEMBER),
    row("subnets:delete", HIDDEN_MEMBER),
    row("subnetpools:delete", HIDDEN_MEMBER),
    row("address-groups:delete", HIDDEN_MEMBER),
    row("address-scopes:delete", HIDDEN_MEMBER),
    row("ports:delete", HIDDEN_MEMBER),
];
