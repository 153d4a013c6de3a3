//! What the API shows of a server, in the order in which Nova shows it
//! (`nova/api/openstack/compute/views/servers.py`).

use kit::clock::Time;
use kit::http::{Call, Cx, Field, Mv, Reply, Span, View, between, since};
use kit::ids::ImageId;
use kit::policy::Rule;
use network::facade::Nic;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha224};

use super::model::{Fault, Server};
use super::states;
use crate::microversions::{
    BASE, DESCRIPTION, EXTENDED_ATTRIBUTES, FLAVOR_EMBEDDED, HOST_STATUS, HOSTNAME,
    IMAGE_ID_IN_BODY, IMAGE_PROPERTIES, LOCKED, LOCKED_REASON, PERSONALITY_GONE, PINNED_ZONE,
    REBUILD_KEY, SCHEDULER_HINTS, SERVER_GROUPS_SHOWN, SERVER_TAGS, STRICT_PARAMETERS,
    TRUSTED_CERTIFICATES,
};
use crate::policy;

/// A server with what belongs to it in other tables.
pub(crate) struct Shown {
    pub(crate) server: Server,
    pub(crate) nics: Vec<Nic>,
    pub(crate) security_groups: Vec<String>,
    pub(crate) server_groups: Vec<String>,
    pub(crate) fault: Option<Fault>,
}

/// A row of the short list.
pub(crate) static SUMMARY: View<Server> = View(&[
    Field { key: "id", versions: EVER, rule: None, render: |s, _| json!(s.id) },
    Field { key: "name", versions: EVER, rule: None, render: |s, _| json!(s.name) },
    Field { key: "links", versions: EVER, rule: None, render: |s, cx| links(s, cx) },
]);

const EVER: &[Span] = &[since(BASE)];
const EXTENDED: Option<&Rule> = Some(&policy::SERVERS_EXTENDED_ATTRIBUTES);

const fn field(
    key: &'static str,
    versions: &'static [Span],
    render: fn(&Shown, &Cx<'_>) -> Value,
) -> Field<Shown> {
    Field { key, versions, rule: None, render }
}

/// A field for administrators.
const fn extended(
    key: &'static str,
    from: &'static [Span],
    render: fn(&Shown, &Cx<'_>) -> Value,
) -> Field<Shown> {
    Field { key, versions: from, rule: EXTENDED, render }
}

/// A server, whole; [`ABSENT`] takes away what its state does not have.
static WHOLE: View<Shown> = View(&[
    field("accessIPv4", EVER, |s, _| json!(s.server.access_ipv4.clone().unwrap_or_default())),
    field("accessIPv6", EVER, |s, _| json!(s.server.access_ipv6.clone().unwrap_or_default())),
    field("addresses", EVER, |s, _| shown_addresses(s, true)),
    field("created", EVER, |s, _| json!(s.server.created_at.iso_z())),
    field("flavor", &[between(BASE, FLAVOR_EMBEDDED)], flavor_link),
    field("flavor", &[since(FLAVOR_EMBEDDED)], flavor_content),
    field("hostId", EVER, |s, _| json!(host_id(&s.server))),
    field("id", EVER, |s, _| json!(s.server.id)),
    field("image", &[between(BASE, IMAGE_PROPERTIES)], image_link),
    field("image", &[since(IMAGE_PROPERTIES)], image_with_properties),
    field("links", EVER, |s, cx| links(&s.server, cx)),
    field("metadata", EVER, |s, _| json!(s.server.metadata)),
    field("name", EVER, |s, _| json!(s.server.name)),
    field("status", EVER, |s, _| json!(status(&s.server))),
    field("tenant_id", EVER, |s, _| json!(s.server.project_id)),
    field("user_id", EVER, |s, _| json!(s.server.user_id)),
    field("updated", EVER, |s, _| json!(s.server.updated_at.iso_z())),
    field("OS-DCF:diskConfig", EVER, |s, _| json!(disk_config(&s.server))),
    field("fault", EVER, fault),
    field("progress", EVER, |s, _| json!(s.server.progress)),
    field("OS-EXT-AZ:availability_zone", EVER, zone),
    field("config_drive", EVER, |s, _| json!(if s.server.config_drive { "True" } else { "" })),
    field("key_name", EVER, |s, _| json!(s.server.key_name)),
    field("OS-SRV-USG:launched_at", EVER, |s, _| json!(s.server.launched_at.map(Time::iso_micro))),
    field("OS-SRV-USG:terminated_at", EVER, |s, _| {
        json!(s.server.terminated_at.map(Time::iso_micro))
    }),
    field("security_groups", EVER, |s, _| group_names(&s.security_groups)),
    extended("OS-EXT-SRV-ATTR:host", EVER, |s, _| json!(s.server.host)),
    extended("OS-EXT-SRV-ATTR:instance_name", EVER, |s, _| json!(s.server.instance_name())),
    extended("OS-EXT-SRV-ATTR:hypervisor_hostname", EVER, |s, _| json!(s.server.host)),
    extended("OS-EXT-SRV-ATTR:hostname", MORE, |s, _| json!(s.server.hostname)),
    extended("OS-EXT-SRV-ATTR:kernel_id", MORE, |_, _| json!("")),
    extended("OS-EXT-SRV-ATTR:launch_index", MORE, |s, _| json!(s.server.launch_index)),
    extended("OS-EXT-SRV-ATTR:ramdisk_id", MORE, |_, _| json!("")),
    extended("OS-EXT-SRV-ATTR:reservation_id", MORE, |s, _| json!(s.server.reservation_id)),
    extended("OS-EXT-SRV-ATTR:root_device_name", MORE, |_, _| json!("/dev/sda")),
    extended("OS-EXT-SRV-ATTR:user_data", MORE, |s, _| json!(s.server.user_data)),
    field("OS-EXT-STS:task_state", EVER, |s, _| json!(s.server.task_state)),
    field("OS-EXT-STS:vm_state", EVER, |s, _| json!(s.server.vm_state)),
    field("OS-EXT-STS:power_state", EVER, |s, _| json!(s.server.power_state.number())),
    field("os-extended-volumes:volumes_attached", EVER, |_, _| json!([])),
    field("locked", &[since(LOCKED)], |s, _| json!(s.server.locked_by.is_some())),
    Field {
        key: "host_status",
        versions: &[since(HOST_STATUS)],
        rule: Some(&policy::SERVERS_SHOW_HOST_STATUS),
        render: |s, _| json!(if placed(&s.server) { "UP" } else { "" }),
    },
    field("description", &[since(DESCRIPTION)], |s, _| json!(s.server.description)),
    field("tags", &[since(SERVER_TAGS)], |s, _| json!(s.server.tags)),
    field("trusted_image_certificates", &[since(TRUSTED_CERTIFICATES)], |_, _| Value::Null),
    field("server_groups", &[since(SERVER_GROUPS_SHOWN)], |s, _| json!(s.server_groups)),
    field("locked_reason", &[since(LOCKED_REASON)], |s, _| json!(s.server.locked_reason)),
    field("OS-EXT-SRV-ATTR:hostname", &[since(HOSTNAME)], |s, _| json!(s.server.hostname)),
    field("pinned_availability_zone", &[since(PINNED_ZONE)], |s, _| json!(s.server.pinned_zone)),
    field("scheduler_hints", &[since(SCHEDULER_HINTS)], |s, _| json!(s.server.scheduler_hints)),
]);

const MORE: &[Span] = &[since(EXTENDED_ATTRIBUTES)];

type IsAbsent = fn(&Shown) -> bool;

/// Fields that only some servers have.
static ABSENT: &[(&str, IsAbsent)] = &[
    ("fault", |s| s.fault.is_none() || !matches!(status(&s.server), "ERROR" | "DELETED")),
    ("progress", |s| !PROGRESS.contains(&status(&s.server))),
    ("security_groups", |s| s.security_groups.is_empty()),
];

/// Statuses with a progress.
static PROGRESS: &[&str] = &["ACTIVE", "BUILD", "REBUILD", "RESIZE", "VERIFY_RESIZE", "MIGRATING"];

/// What `PUT` did not show before 2.75.
static NOT_IN_OLD_UPDATES: &[&str] = &[
    "OS-EXT-AZ:availability_zone",
    "config_drive",
    "key_name",
    "OS-SRV-USG:launched_at",
    "OS-SRV-USG:terminated_at",
    "security_groups",
    "OS-EXT-STS:task_state",
    "OS-EXT-STS:vm_state",
    "OS-EXT-STS:power_state",
    "os-extended-volumes:volumes_attached",
    "host_status",
];

/// `GET /servers/{server_id}`.
pub(crate) fn show(row: &Shown, cx: &Cx<'_>) -> Value {
    Value::Object(whole(row, cx))
}

/// A row of `GET /servers/detail`, which has everything but the groups.
pub(crate) fn detail(row: &Shown, cx: &Cx<'_>) -> Value {
    let mut fields = whole(row, cx);
    fields.shift_remove("server_groups");
    // Nova adds these to all rows at once, at the end.
    for key in ["host_status", "security_groups"] {
        if let Some(value) = fields.shift_remove(key) {
            fields.insert(key.to_owned(), value);
        }
    }
    Value::Object(fields)
}

/// `PUT /servers/{server_id}`.
pub(crate) fn updated(row: &Shown, cx: &Cx<'_>) -> Value {
    let mut fields = whole(row, cx);
    if !is_since(cx, STRICT_PARAMETERS) {
        fields.retain(|key, _| {
            !NOT_IN_OLD_UPDATES.contains(&key.as_str()) && !key.starts_with("OS-EXT-SRV-ATTR")
        });
        fields.insert("addresses".to_owned(), shown_addresses(row, false));
    }
    Value::Object(fields)
}

/// The answer to `rebuild`: what `PUT` shows, and what it took.
pub(crate) fn rebuilt(row: &Shown, password: &str, cx: &Cx<'_>) -> Value {
    let Value::Object(mut fields) = updated(row, cx) else { return Value::Null };
    if is_since(cx, REBUILD_KEY) {
        fields.insert("key_name".to_owned(), json!(row.server.key_name));
    }
    if is_since(cx, PERSONALITY_GONE) {
        fields.insert("user_data".to_owned(), json!(row.server.user_data));
    }
    // Nova: it is shown once.
    fields.shift_remove("OS-EXT-SRV-ATTR:user_data");
    fields.insert("adminPass".to_owned(), json!(password));
    Value::Object(fields)
}

fn whole(row: &Shown, cx: &Cx<'_>) -> Map<String, Value> {
    let Value::Object(mut fields) = WHOLE.render(row, cx) else {
        return Map::new();
    };
    for (key, absent) in ABSENT {
        if absent(row) {
            fields.shift_remove(*key);
        }
    }
    fields
}

fn is_since(cx: &Cx<'_>, version: Mv) -> bool {
    since(version).contains(cx.version)
}

/// Nova hides the addresses while the server is built.
fn shown_addresses(row: &Shown, extended: bool) -> Value {
    if row.server.vm_state == super::model::VmState::Building {
        return json!({});
    }
    addresses(&row.nics, extended)
}

/// The addresses by network, in the order of the interfaces; floating ones behind those that they lead to.
pub(crate) fn addresses(nics: &[Nic], extended: bool) -> Value {
    let mut networks: Map<String, Value> = Map::new();
    for nic in nics {
        let fixed = nic.addresses.iter().map(|(address, _)| (address, "fixed"));
        let floating = nic.floating_addresses.iter().map(|address| (address, "floating"));
        let entry = networks.entry(nic.network_name.clone()).or_insert_with(|| json!([]));
        if let Value::Array(list) = entry {
            list.extend(fixed.chain(floating).map(|(address, kind)| {
                let version = if address.is_ipv4() { 4 } else { 6 };
                if extended {
                    json!({"version": version, "addr": address,
                        "OS-EXT-IPS:type": kind, "OS-EXT-IPS-MAC:mac_addr": nic.mac})
                } else {
                    json!({"version": version, "addr": address})
                }
            }));
        }
    }
    Value::Object(networks)
}

fn links(server: &Server, cx: &Cx<'_>) -> Value {
    cx.links("servers", server.id.as_str())
}

fn flavor_link(row: &Shown, cx: &Cx<'_>) -> Value {
    let id = &row.server.flavor.id;
    json!({"id": id, "links": cx.bookmark("flavors", id.as_str())})
}

fn flavor_content(row: &Shown, cx: &Cx<'_>) -> Value {
    let flavor = &row.server.flavor;
    let mut content = json!({
        "vcpus": flavor.vcpus,
        "ram": flavor.ram_mb,
        "disk": flavor.disk_gb,
        "ephemeral": flavor.ephemeral_gb,
        "swap": flavor.swap_mb,
        "original_name": flavor.name,
    });
    if cx.allows(&policy::SERVERS_SHOW_EXTRA_SPECS)
        && let Value::Object(fields) = &mut content
    {
        fields.insert("extra_specs".to_owned(), json!(flavor.extra_specs));
    }
    content
}

fn image_link(row: &Shown, cx: &Cx<'_>) -> Value {
    match &row.server.image_id {
        Some(id) => json!({"id": id, "links": cx.bookmark("images", id.as_str())}),
        None => json!(""),
    }
}

/// Nova shows the properties that it knows; theirs are the prefixes.
fn image_with_properties(row: &Shown, cx: &Cx<'_>) -> Value {
    let mut image = image_link(row, cx);
    let known = |key: &str| ["hw_", "img_", "os_"].iter().any(|prefix| key.starts_with(prefix));
    if let Value::Object(fields) = &mut image {
        let properties = row.server.image_properties.iter().filter(|(key, _)| known(key));
        let properties: Map<String, Value> =
            properties.map(|(key, value)| (key.clone(), json!(value))).collect();
        fields.insert("properties".to_owned(), Value::Object(properties));
    }
    image
}

/// Nova: `generate_hostid`.
pub(crate) fn host_id(server: &Server) -> String {
    server
        .host
        .as_ref()
        .map_or_else(String::new, |host| host_hash(server.project_id.as_str(), host))
}

/// The hash that members see in a host's place.
pub(crate) fn host_hash(project: &str, host: &str) -> String {
    let digest = Sha224::digest(format!("{project}{host}"));
    hex::encode(digest)
}

fn status(server: &Server) -> &'static str {
    if server.deleted_at.is_some() {
        return "DELETED";
    }
    states::status(server.vm_state, server.task_state)
}

fn disk_config(server: &Server) -> &'static str {
    if server.auto_disk_config { "AUTO" } else { "MANUAL" }
}

fn fault(row: &Shown, cx: &Cx<'_>) -> Value {
    let Some(fault) = &row.fault else { return Value::Null };
    let mut shown = json!({
        "code": fault.code,
        "created": fault.created_at.iso_z(),
        "message": fault.message,
    });
    let open = fault.code != 500 || policy::is_admin(cx.call);
    if open
        && !fault.details.is_empty()
        && let Value::Object(fields) = &mut shown
    {
        fields.insert("details".to_owned(), json!(fault.details));
    }
    shown
}

fn zone(row: &Shown, _: &Cx<'_>) -> Value {
    json!(row.server.availability_zone.clone().unwrap_or_default())
}

fn placed(server: &Server) -> bool {
    server.host.is_some() && server.deleted_at.is_none()
}

fn group_names(names: &[String]) -> Value {
    names.iter().map(|name| json!({"name": name})).collect()
}

/// The answer to `POST /servers`.
pub(crate) fn created(server: &Server, groups: &Value, password: &str, cx: &Cx<'_>) -> Value {
    json!({"server": {
        "id": server.id,
        "links": links(server, cx),
        "OS-DCF:diskConfig": disk_config(server),
        "security_groups": groups,
        "adminPass": password,
    }})
}

/// The answer to `rescue`.
pub(crate) fn rescued(password: &str) -> Reply {
    Reply::json(json!({"adminPass": password}))
}

/// The answer to `os-getConsoleOutput`.
pub(crate) fn console_output(output: &str) -> Reply {
    Reply::json(json!({"output": output}))
}

/// The answer to `createImage`: the id in the body, before 2.45 in the location.
pub(crate) fn image_created(call: &Call, id: &ImageId) -> Reply {
    if since(IMAGE_ID_IN_BODY).contains(call.version) {
        return Reply::json(json!({"image_id": id}));
    }
    let location = call.links.sibling(&format!("/image/v2/images/{id}"));
    Reply::empty().header("Location", location)
}

/// The answer to `createBackup`: the same, but that the location is compute's own, and there is none
/// of a backup that is not kept.
pub(crate) fn backup_created(call: &Call, id: &ImageId, is_kept: bool) -> Reply {
    if since(IMAGE_ID_IN_BODY).contains(call.version) {
        return Reply::json(json!({"image_id": id}));
    }
    let location = call.links.path(&format!("/images/{id}"));
    if is_kept { Reply::empty().header("Location", location) } else { Reply::empty() }
}
