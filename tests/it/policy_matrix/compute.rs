//! Nova 34: `nova/policies`, and `nova/api/openstack/compute` for what is looked up before the
//! policy is asked, which hides it from other projects.

use compute::microversions::{
    BASE, CHANGE_ATTACHMENT, CRASH_DUMP, KEYPAIR_TYPES, KEYPAIRS_OF_OTHERS, MIGRATE_HOST,
    NETWORKS_REQUIRED, REQUESTED_HOST, SERVICE_UUID,
};
use serde_json::json;

use super::world::{Ids, Owners};
use super::{
    ABSENT, ADMIN, ANYBODY, HIDDEN_ADMIN, HIDDEN_MANAGER, HIDDEN_MEMBER, HIDDEN_READER, MANAGER,
    OWN_MEMBER, PUBLIC, READER, Row, Verdicts, row,
};
use crate::image::create;
use crate::support::{Answer, Session};

/// Administrators learn that it is not there.
const UNFOUND: Verdicts = [401, 404, 403, 403, 403, 404];
/// Administrators, who are told that there is nothing of that kind.
const ADMIN_IN_VAIN: Verdicts = [401, 403, 403, 403, 403, 400];
/// Everybody with a token is told so.
const ANYBODY_IN_VAIN: Verdicts = [401, 400, 400, 400, 400, 400];
/// Members, in the project of their token, are told that there is nothing of that kind.
const ABSENT_FOR_MEMBERS: Verdicts = [401, 404, 403, 404, 404, 404];
/// Groups are named as in the project of the token, where the administrator of the matrix has not this one.
const NAMED_HERE: Verdicts = [401, 404, 403, 200, 200, 404];
/// Another service. Other projects are told that it is not there.
const HIDDEN_OTHERS: Verdicts = [401, 404, 403, 403, 403, 403];
/// Where there is nothing of a kind, any id will do.
const NO_SNAPSHOT: &[(&str, &str)] = &[("snapshot_id", "server_id")];
const NO_VOLUME: &[(&str, &str)] = &[("volume_id", "server_id")];
const NO_SHARE: &[(&str, &str)] = &[("share_id", "server_id")];
const NO_TOKEN: &[(&str, &str)] = &[("console_token", "server_id"), ("asset", "server_id")];
const NO_NODE: &[(&str, &str)] = &[("node_id", "server_id")];
const NO_VOLUME_BODY: &str = r#"{"volumeAttachment": {"volumeId": "{server_id}"}}"#;
const KEYPAIR: &str = r#"{"keypair": {"name": "{keypair_name}"}}"#;

/// A server of `demo` of a flavor that only `demo` may use, another one to end, a group for
/// servers, and an image.
pub(super) async fn furnish(owners: &Owners) -> Ids {
    let Owners { demo, admin } = owners;
    flavor(admin, &demo.project).await;
    let bootable = demo.find("/image/v2/images?visibility=public", "images").await;
    let (server_id, request) = server(demo, &bootable).await;
    let (doomed, _) = server(demo, &bootable).await;
    let body = json!({"server_group": {"name": "matrix", "policies": ["affinity"]}});
    let group = demo.post("/compute/v2.1/os-server-groups", body).await.expect(200);
    let aggregate = json!({"aggregate": {"name": "matrix"}});
    let aggregate = admin.post("/compute/v2.1/os-aggregates", aggregate).await.expect(200);
    let extensions = demo.get("/compute/v2.1/extensions").await.expect(200);
    let host = admin.get("/compute/v2.1/os-hypervisors").await.expect(200);
    let external = "/network/v2.0/networks?router:external=true";
    let group_of_ports = json!({"security_group": {"name": "proxied", "description": ""}});
    let path = "/compute/v2.1/os-security-groups";
    let group_of_ports = demo.post(path, group_of_ports).await.expect(200);
    let group_of_ports = group_of_ports.text("/security_group/id");
    let rule = json!({"security_group_rule": {
        "parent_group_id": group_of_ports, "ip_protocol": "tcp", "from_port": 1, "to_port": 2,
    }});
    let rule = demo.post("/compute/v2.1/os-security-group-rules", rule).await.expect(200);
    let floating = json!({"pool": "public"});
    let floating = demo.post("/compute/v2.1/os-floating-ips", floating).await.expect(200);
    let compute = "/compute/v2.1/os-services?binary=nova-compute";
    let services = admin.get(compute).await.expect(200);
    let interfaces = format!("/compute/v2.1/servers/{server_id}/os-interface");
    let interfaces = demo.get(&interfaces).await.expect(200);
    Ids::from([
        ("proxied_group_id", group_of_ports),
        ("proxied_rule_id", rule.text("/security_group_rule/id")),
        ("floating_ip_id", floating.text("/floating_ip/id")),
        ("floating_address", floating.text("/floating_ip/ip")),
        ("port_id", interfaces.text("/interfaceAttachments/0/port_id")),
        ("private_network_id", network(demo).await),
        ("server_id", server_id),
        ("doomed_server_id", doomed),
        ("request_id", request),
        ("external_network_id", admin.find(external, "networks").await),
        ("network_label", "shared".to_owned()),
        ("image_id", create(demo, json!({"colour": "green"})).await),
        ("bootable_image_id", bootable),
        ("flavor_id", "private-flavor".to_owned()),
        ("user_id", demo.user.clone()),
        ("keypair_name", "mine".to_owned()),
        ("server_group_id", group.text("/server_group/id")),
        ("aggregate_id", aggregate.body["aggregate"]["id"].to_string()),
        ("hypervisor_id", host.body["hypervisors"][0]["id"].to_string()),
        ("hypervisor_name", host.text("/hypervisors/0/hypervisor_hostname")),
        ("host", services.text("/services/0/host")),
        ("service_number", services.body["services"][0]["id"].to_string()),
        ("service_id", admin.at("2.53").find(compute, "services").await),
        ("enable", "enable".to_owned()),
        ("quota_class", "default".to_owned()),
        ("alias", extensions.text("/extensions/0/alias")),
        ("version_id", "v2.1".to_owned()),
        ("*path", "anything".to_owned()),
        ("migration_id", "1".to_owned()),
        ("key", "colour".to_owned()),
        ("tag", "blue".to_owned()),
        ("instant", "2026-07-01 00:00:00".to_owned()),
    ])
}

/// A private flavor that the project may use.
async fn flavor(admin: &Session, project: &str) {
    let sizes = json!({
        "id": "private-flavor", "name": "private-flavor", "ram": 64, "vcpus": 1, "disk": 1,
        "os-flavor-access:is_public": false,
    });
    let path = "/compute/v2.1/flavors";
    admin.post(path, json!({"flavor": sizes})).await.expect(200);
    let access = json!({"addTenantAccess": {"tenant": project}});
    admin.post(&format!("{path}/private-flavor/action"), access).await.expect(200);
    let specs = json!({"extra_specs": {"colour": "green"}});
    admin.post(&format!("{path}/private-flavor/os-extra_specs"), specs).await.expect(200);
}

/// A network of the project's own.
async fn network(demo: &Session) -> String {
    let body = json!({"network": {"name": "matrix-private"}});
    let made = demo.post("/network/v2.0/networks", body).await.expect(201);
    let id = made.text("/network/id");
    let body = json!({"subnet": {"network_id": id, "ip_version": 4, "cidr": "10.66.0.0/24"}});
    demo.post("/network/v2.0/subnets", body).await.expect(201);
    id
}

/// An active server, and the request that made it.
async fn server(demo: &Session, image: &str) -> (String, String) {
    let body = json!({"server": {
        "name": "matrix", "imageRef": image, "flavorRef": "private-flavor",
        "networks": "auto", "metadata": {"colour": "green"}, "tags": ["blue"],
    }});
    let made = demo.at("2.52").post("/compute/v2.1/servers", body).await.expect(202);
    let id = made.text("/server/id");
    let active = |answer: &Answer| answer.optional("/server/status") == "ACTIVE";
    demo.wait(&format!("/compute/v2.1/servers/{id}"), active).await;
    (id, made.header("x-openstack-request-id").to_owned())
}

#[rustfmt::skip] // a row is a line
pub(super) static ROWS: &[Row] = &[
    row("versions:index", PUBLIC),
    row("versions:choices", PUBLIC),
    row("versions:show", PUBLIC),
    row("versions:show-by-id", ANYBODY),
    row("extensions:index", ANYBODY),
    row("extensions:show", ANYBODY),
    row("limits:index", ANYBODY),
    row("limits:index", ADMIN).query("?tenant_id={project_id}"),
    row("aggregates:index", ADMIN),
    row("aggregates:show", ADMIN),
    row("aggregates:create", ADMIN).body(r#"{"aggregate": {"name": "x"}}"#),
    row("aggregates:update", ADMIN).body(r#"{"aggregate": {"name": "x"}}"#),
    row("aggregates:add-host", ADMIN).body(r#"{"add_host": {"host": "{host}"}}"#),
    row("aggregates:remove-host", ADMIN).body(r#"{"remove_host": {"host": "{host}"}}"#),
    row("aggregates:set-metadata", ADMIN).body(r#"{"set_metadata": {"metadata": {"a": "b"}}}"#),
    row("aggregates:images", ADMIN).body(r#"{"cache": [{"id": "{bootable_image_id}"}]}"#),
    row("aggregates:delete", ADMIN),
    row("availability-zones:index", ANYBODY),
    row("availability-zones:detail", ADMIN),

    row("servers:index", ANYBODY),
    row("servers:detail", ANYBODY),
    row("servers:index", ADMIN).query("?all_tenants=1"),
    row("servers:detail", ADMIN).query("?all_tenants=1"),
    row("servers:create", OWN_MEMBER).body(r#"{"server": {"name": "x", "imageRef": "{bootable_image_id}", "flavorRef": "1"}}"#),
    row("servers:create", ADMIN).body(r#"{"server": {"name": "x", "imageRef": "{bootable_image_id}", "flavorRef": "1", "availability_zone": "nova:{host}"}}"#),
    row("servers:create", ADMIN).at(REQUESTED_HOST).body(r#"{"server": {"name": "x", "imageRef": "{bootable_image_id}", "flavorRef": "1", "networks": "none", "host": "{host}"}}"#),
    row("servers:create", ADMIN).at(NETWORKS_REQUIRED).body(r#"{"server": {"name": "x", "imageRef": "{bootable_image_id}", "flavorRef": "1", "networks": [{"uuid": "{external_network_id}"}]}}"#),
    row("servers:show", HIDDEN_READER),
    row("servers:update", HIDDEN_MEMBER).body(r#"{"server": {"name": "x"}}"#),
    row("server-metadata:index", HIDDEN_READER),
    row("server-metadata:show", HIDDEN_READER),
    row("server-metadata:create", HIDDEN_MEMBER).body(r#"{"metadata": {"colour": "red"}}"#),
    row("server-metadata:replace", HIDDEN_MEMBER).body(r#"{"metadata": {"colour": "red"}}"#),
    row("server-metadata:update", HIDDEN_MEMBER).body(r#"{"meta": {"colour": "red"}}"#),
    row("server-metadata:delete", HIDDEN_MEMBER),
    row("server-tags:index", HIDDEN_READER),
    row("server-tags:show", HIDDEN_READER),
    row("server-tags:delete", HIDDEN_MEMBER),
    row("server-tags:update", HIDDEN_MEMBER),
    row("server-tags:replace", HIDDEN_MEMBER).body(r#"{"tags": ["blue"]}"#),
    row("server-tags:delete-all", HIDDEN_MEMBER),
    row("ips:index", HIDDEN_READER),
    row("ips:show", HIDDEN_READER),
    row("server-security-groups:index", HIDDEN_READER),
    row("server-diagnostics:index", HIDDEN_ADMIN),
    row("server-external-events:create", ADMIN).body(r#"{"events": [{"name": "network-changed", "server_uuid": "{server_id}"}]}"#),
    row("assisted-volume-snapshots:create", ADMIN_IN_VAIN).body(r#"{"snapshot": {"volume_id": "x", "create_info": {"snapshot_id": "x", "type": "qcow2", "new_file": "x"}}}"#),
    row("assisted-volume-snapshots:delete", ADMIN_IN_VAIN).on(&[("snapshot_id", "server_id")]),
    row("volume-attachments:index", HIDDEN_READER),
    row("volume-attachments:show", HIDDEN_READER).on(NO_VOLUME).refused(404),
    row("volume-attachments:create", HIDDEN_MEMBER).body(NO_VOLUME_BODY).refused(404),
    row("volume-attachments:update", HIDDEN_OTHERS).at(BASE).on(NO_VOLUME).body(NO_VOLUME_BODY),
    row("volume-attachments:update", HIDDEN_MEMBER).at(CHANGE_ATTACHMENT).on(NO_VOLUME).body(NO_VOLUME_BODY).refused(404),
    row("volume-attachments:update", HIDDEN_OTHERS).at(CHANGE_ATTACHMENT).on(NO_VOLUME).body(r#"{"volumeAttachment": {"volumeId": "{image_id}"}}"#),
    row("volume-attachments:delete", HIDDEN_MEMBER).on(NO_VOLUME).refused(404),
    row("shares:index", HIDDEN_READER),
    row("shares:show", HIDDEN_READER).on(NO_SHARE).refused(404),
    row("shares:create", HIDDEN_MEMBER).body(r#"{"share": {"share_id": "{server_id}"}}"#),
    row("shares:delete", HIDDEN_MEMBER).on(NO_SHARE),
    row("instance-usage-audit-log:index", ADMIN),
    row("instance-usage-audit-log:show", ADMIN).on(&[("before", "instant")]),
    row("baremetal-nodes:index", ADMIN),
    row("baremetal-nodes:show", ADMIN).on(NO_NODE).refused(404),
    row("baremetal-nodes:create", ANYBODY_IN_VAIN),
    row("baremetal-nodes:delete", ANYBODY_IN_VAIN).on(NO_NODE),
    row("baremetal-nodes:add-interface", ANYBODY_IN_VAIN).on(NO_NODE).body(r#"{"add_interface": {}}"#),
    row("baremetal-nodes:remove-interface", ANYBODY_IN_VAIN).on(NO_NODE).body(r#"{"remove_interface": {}}"#),
    row("server-topology:index", HIDDEN_READER),
    row("server-password:show", HIDDEN_READER),
    row("server-password:delete", HIDDEN_MEMBER),
    row("interfaces:index", HIDDEN_READER),
    row("interfaces:show", HIDDEN_READER),
    row("interfaces:create", HIDDEN_MEMBER).body(r#"{"interfaceAttachment": {"net_id": "{private_network_id}"}}"#),
    row("interfaces:delete", HIDDEN_MEMBER),
    row("instance-actions:index", HIDDEN_READER),
    row("instance-actions:show", HIDDEN_READER),
    row("servers:add-security-group", NAMED_HERE).body(r#"{"addSecurityGroup": {"name": "{proxied_group_id}"}}"#),
    row("servers:remove-security-group", NAMED_HERE).body(r#"{"removeSecurityGroup": {"name": "{proxied_group_id}"}}"#),
    row("servers:add-fixed-ip", HIDDEN_MEMBER).body(r#"{"addFixedIp": {"networkId": "{private_network_id}"}}"#).refused(404),
    row("servers:remove-fixed-ip", HIDDEN_MEMBER).body(r#"{"removeFixedIp": {"address": "{floating_address}"}}"#).refused(400),
    row("servers:add-floating-ip", HIDDEN_MEMBER).body(r#"{"addFloatingIp": {"address": "{floating_address}"}}"#).refused(400),
    // The rule is asked of the server that the address leads to, and it leads to none.
    row("servers:remove-floating-ip", HIDDEN_ADMIN).body(r#"{"removeFloatingIp": {"address": "{floating_address}"}}"#).refused(409),
    row("servers:console-output", HIDDEN_MEMBER).body(r#"{"os-getConsoleOutput": {}}"#),
    row("servers:vnc-console", HIDDEN_MEMBER).body(r#"{"os-getVNCConsole": {"type": "novnc"}}"#),
    row("servers:serial-console", HIDDEN_MEMBER).body(r#"{"os-getSerialConsole": {"type": "serial"}}"#),
    row("servers:spice-console", HIDDEN_MEMBER).body(r#"{"os-getSPICEConsole": {"type": "spice-html5"}}"#).refused(400),
    row("remote-consoles:create", HIDDEN_MEMBER).body(r#"{"remote_console": {"protocol": "serial", "type": "serial"}}"#),
    row("console-auth-tokens:show-rdp", ADMIN_IN_VAIN).on(NO_TOKEN),
    row("console-auth-tokens:show", ADMIN).on(NO_TOKEN).refused(404),
    row("consoles:page", PUBLIC),
    row("consoles:asset", PUBLIC).on(NO_TOKEN).refused(404),
    row("consoles:socket", PUBLIC).refused(400),
    row("servers:lock", HIDDEN_MEMBER),
    row("servers:unlock", HIDDEN_MEMBER),
    row("servers:change-password", HIDDEN_MEMBER).body(r#"{"changePassword": {"adminPass": "x"}}"#),
    row("servers:create-image", HIDDEN_MEMBER).body(r#"{"createImage": {"name": "x"}}"#),
    row("servers:reboot", HIDDEN_MEMBER).body(r#"{"reboot": {"type": "HARD"}}"#),
    row("servers:rebuild", HIDDEN_MEMBER).body(r#"{"rebuild": {"imageRef": "{bootable_image_id}"}}"#),
    row("servers:resize", HIDDEN_MEMBER).body(r#"{"resize": {"flavorRef": "1"}}"#),
    row("servers:confirm-resize", HIDDEN_MEMBER),
    row("servers:revert-resize", HIDDEN_MEMBER),
    row("servers:migrate", HIDDEN_MANAGER),
    row("servers:migrate", HIDDEN_ADMIN).at(MIGRATE_HOST).body(r#"{"migrate": {"host": "{host}"}}"#).refused(400),
    row("servers:live-migrate", HIDDEN_MANAGER).body(r#"{"os-migrateLive": {"host": null, "block_migration": false, "disk_over_commit": false}}"#).refused(400),
    row("servers:live-migrate", HIDDEN_ADMIN).body(r#"{"os-migrateLive": {"host": "{host}", "block_migration": false, "disk_over_commit": false}}"#).refused(400),
    row("servers:evacuate", HIDDEN_ADMIN).body(r#"{"evacuate": {"onSharedStorage": false}}"#).refused(400),
    row("migrations:index", MANAGER).query("?project_id={project_id}"),
    row("migrations:index", ADMIN),
    row("server-migrations:index", HIDDEN_MANAGER),
    row("server-migrations:show", UNFOUND),
    row("server-migrations:force-complete", HIDDEN_MANAGER),
    row("server-migrations:delete", HIDDEN_MANAGER),
    row("servers:pause", HIDDEN_MEMBER),
    row("servers:unpause", HIDDEN_MEMBER),
    row("servers:suspend", HIDDEN_MEMBER),
    row("servers:resume", HIDDEN_MEMBER),
    row("servers:stop", HIDDEN_MEMBER),
    row("servers:start", HIDDEN_MEMBER),
    row("servers:create-backup", HIDDEN_MEMBER).body(r#"{"createBackup": {"name": "x", "backup_type": "daily", "rotation": 1}}"#),
    row("servers:shelve", HIDDEN_MEMBER),
    row("servers:shelve-offload", HIDDEN_ADMIN),
    row("servers:unshelve", HIDDEN_MEMBER),
    row("servers:rescue", HIDDEN_MEMBER),
    row("servers:unrescue", HIDDEN_MEMBER),
    row("servers:trigger-crash-dump", HIDDEN_MEMBER).at(CRASH_DUMP),
    row("servers:inject-network-info", HIDDEN_ADMIN),
    row("servers:restore", HIDDEN_MEMBER),
    row("servers:reset-state", HIDDEN_ADMIN).body(r#"{"os-resetState": {"state": "active"}}"#),
    row("volumes-boot:index", ANYBODY),
    row("volumes-boot:detail", ANYBODY),
    row("volumes-boot:show", HIDDEN_READER),
    row("volumes-boot:update", HIDDEN_MEMBER).body(r#"{"server": {"name": "x"}}"#),
    row("volumes-boot:create-image", HIDDEN_MEMBER).body(r#"{"createImage": {"name": "x"}}"#),
    row("volumes-boot:reboot", HIDDEN_MEMBER).body(r#"{"reboot": {"type": "HARD"}}"#),
    row("volumes-boot:rebuild", HIDDEN_MEMBER).body(r#"{"rebuild": {"imageRef": "{bootable_image_id}"}}"#),
    row("volumes-boot:resize", HIDDEN_MEMBER).body(r#"{"resize": {"flavorRef": "1"}}"#),
    row("volumes-boot:confirm-resize", HIDDEN_MEMBER),
    row("volumes-boot:revert-resize", HIDDEN_MEMBER),
    row("volumes-boot:stop", HIDDEN_MEMBER),
    row("volumes-boot:start", HIDDEN_MEMBER),
    row("volumes-boot:trigger-crash-dump", HIDDEN_MEMBER).at(CRASH_DUMP),
    row("volumes-boot:create", OWN_MEMBER).body(r#"{"server": {"name": "x", "imageRef": "{bootable_image_id}", "flavorRef": "1"}}"#),
    row("volumes-boot:delete", HIDDEN_MEMBER).on(&[("server_id", "doomed_server_id")]),
    row("servers:force-delete", HIDDEN_MEMBER).on(&[("server_id", "doomed_server_id")]),
    row("servers:delete", HIDDEN_MEMBER),

    row("server-groups:index", ANYBODY),
    row("server-groups:show", HIDDEN_READER),
    row("server-groups:create", OWN_MEMBER).body(r#"{"server_group": {"name": "x", "policies": ["affinity"]}}"#),
    row("server-groups:delete", HIDDEN_MEMBER),

    row("keypairs:index", ANYBODY),
    row("keypairs:index", ADMIN).at(KEYPAIRS_OF_OTHERS).query("?user_id={user_id}"),
    row("keypairs:create", ANYBODY).at(BASE).body(KEYPAIR),
    row("keypairs:show", ANYBODY),
    row("keypairs:delete", ANYBODY).at(BASE),
    row("keypairs:create", ANYBODY).at(KEYPAIR_TYPES).body(KEYPAIR),
    row("keypairs:delete", ANYBODY).at(KEYPAIR_TYPES),

    row("flavors:index", ANYBODY),
    row("flavors:detail", ANYBODY),
    row("flavors:show", HIDDEN_READER),
    row("flavors:create", ADMIN).body(r#"{"flavor": {"name": "x", "ram": 1, "vcpus": 1, "disk": 1}}"#),
    row("flavors:update", ADMIN).body(r#"{"flavor": {"description": "x"}}"#),
    row("flavor-extra-specs:index", HIDDEN_READER),
    row("flavor-extra-specs:show", HIDDEN_READER),
    row("flavor-extra-specs:create", ADMIN).body(r#"{"extra_specs": {"colour": "red"}}"#),
    row("flavor-extra-specs:update", ADMIN).body(r#"{"colour": "red"}"#),
    row("flavor-extra-specs:delete", ADMIN),
    row("flavor-access:index", ADMIN),
    row("flavor-access:add", ADMIN).body(r#"{"addTenantAccess": {"tenant": "{project_id}"}}"#),
    row("flavor-access:remove", ADMIN).body(r#"{"removeTenantAccess": {"tenant": "{project_id}"}}"#),
    row("flavors:delete", ADMIN),

    row("quota-sets:show", READER),
    row("quota-sets:detail", READER),
    row("quota-sets:defaults", ANYBODY),
    row("quota-sets:update", ADMIN).body(r#"{"quota_set": {"instances": 20}}"#),
    row("quota-sets:delete", ADMIN),
    row("quota-class-sets:show", ADMIN),
    row("quota-class-sets:update", ADMIN).body(r#"{"quota_class_set": {"instances": 20}}"#),
    row("simple-tenant-usage:index", ADMIN),
    row("simple-tenant-usage:show", READER),

    row("hypervisors:index", ADMIN),
    row("hypervisors:detail", ADMIN),
    row("hypervisors:statistics", ADMIN),
    row("hypervisors:show", ADMIN),
    row("hypervisors:uptime", ADMIN),
    row("hypervisors:search", ADMIN).on(&[("hypervisor_id", "hypervisor_name")]),
    row("hypervisors:servers", ADMIN).on(&[("hypervisor_id", "hypervisor_name")]),
    row("hosts:index", ADMIN),
    row("hosts:show", ADMIN).on(&[("host_name", "host")]),
    row("hosts:update", ADMIN).on(&[("host_name", "host")]).body(r#"{"status": "enable"}"#),
    row("hosts:reboot", ADMIN).on(&[("host_name", "host")]),
    row("hosts:shutdown", ADMIN).on(&[("host_name", "host")]),
    row("hosts:startup", ADMIN).on(&[("host_name", "host")]),
    row("services:index", ADMIN),
    row("services:update", ADMIN).at(BASE).on(&[("service_id", "enable")]).body(r#"{"host": "{host}", "binary": "nova-compute"}"#),
    row("services:update", ADMIN).at(SERVICE_UUID).body(r#"{"status": "enabled"}"#),
    row("services:delete", ADMIN).on(&[("service_id", "service_number")]),

    // Nova asks its policy with the project of the token; then Neutron finds the thing, or not.
    row("networks:index", ANYBODY),
    row("networks:show", HIDDEN_READER).on(&[("network_id", "private_network_id")]),
    row("tenant-networks:index", ANYBODY),
    row("tenant-networks:show", HIDDEN_READER).on(&[("network_id", "private_network_id")]),
    row("floating-ip-pools:index", ANYBODY),
    row("floating-ips:index", ANYBODY),
    row("floating-ips:create", OWN_MEMBER).body(r#"{"pool": "public"}"#),
    row("floating-ips:show", HIDDEN_READER),
    row("floating-ips:delete", HIDDEN_MEMBER),
    row("security-groups:index", ANYBODY),
    row("security-groups:create", OWN_MEMBER).body(r#"{"security_group": {"name": "x", "description": ""}}"#),
    row("security-groups:show", HIDDEN_READER).on(&[("security_group_id", "proxied_group_id")]),
    row("security-groups:update", HIDDEN_MEMBER).on(&[("security_group_id", "proxied_group_id")]).body(r#"{"security_group": {"name": "x", "description": ""}}"#),
    row("security-group-rules:create", HIDDEN_MEMBER).body(r#"{"security_group_rule": {"parent_group_id": "{proxied_group_id}", "ip_protocol": "udp", "from_port": 1, "to_port": 2}}"#),
    row("security-group-rules:delete", HIDDEN_MEMBER).on(&[("security_group_rule_id", "proxied_rule_id")]),
    row("security-groups:delete", HIDDEN_MEMBER).on(&[("security_group_id", "proxied_group_id")]),

    row("volumes:index", ANYBODY),
    row("volumes:detail", ANYBODY),
    row("volumes:create", OWN_MEMBER).body(r#"{"volume": {"size": 1}}"#).refused(501),
    row("volumes:show", ABSENT).on(NO_VOLUME),
    row("volumes:delete", ABSENT_FOR_MEMBERS).on(NO_VOLUME),
    row("snapshots:index", ANYBODY),
    row("snapshots:detail", ANYBODY),
    row("snapshots:create", ABSENT_FOR_MEMBERS).body(r#"{"snapshot": {"volume_id": "{server_id}"}}"#),
    row("snapshots:show", ABSENT).on(NO_SNAPSHOT),
    row("snapshots:delete", ABSENT_FOR_MEMBERS).on(NO_SNAPSHOT),

    // Nova has no policy for these; it asks Glance with the caller's token.
    row("images:index", ANYBODY),
    row("images:detail", ANYBODY),
    row("images:show", HIDDEN_READER),
    row("image-metadata:index", HIDDEN_READER),
    row("image-metadata:show", HIDDEN_READER),
    row("image-metadata:create", HIDDEN_MEMBER).body(r#"{"metadata": {"colour": "red"}}"#),
    row("image-metadata:replace", HIDDEN_MEMBER).body(r#"{"metadata": {"colour": "red"}}"#),
    row("image-metadata:update", HIDDEN_MEMBER).body(r#"{"meta": {"colour": "red"}}"#),
    row("image-metadata:delete", HIDDEN_MEMBER),
    row("images:delete", HIDDEN_MEMBER),
];
