//! `OS::Nova::Server`: a server. It is complete when its boot has ended and its guest runs.
//!
//! Name, metadata, tags and policies change in place, and user data whose changes are to be
//! ignored. Whatever needs a resize, a rebuild, another password or other interfaces replaces the
//! server, whatever its policies say: none of it is asked of compute yet. A server on a port or an
//! address of its own goes before its successor comes, which needs them; Heat takes them away from
//! the old server and leaves that running until the update ends.
//!
//! What its user data becomes, [`guest_tools`] knows.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use compute::facade::{ServerAction, ServerChange, last_words, server_target};
use futures_util::future::BoxFuture;
use kit::error::{Error, Kind as Failed, Result};
use kit::ids::ServerId;
use kit::workflow::{Context, Failure, running_on};
use network::facade::Kind;
use serde_json::{Map, Value};

use super::{delegated, with_delegate};
use crate::guest_tools;
use crate::resources::{
    Act, Attribute, Look, Pending, Plugin, SHOW, SHOW_ROW, Updated, find_flavor, find_image,
    gone_is_fine, neutron, object,
};
use crate::stack_resources::model::Resource;
use crate::stacks::model::Action;
use crate::template::{Property, Schema};

pub(crate) struct Server;

/// The longest name that is made for a server (Heat: `max_server_name_length`).
const NAME_LIMIT: usize = 53;
/// How much of a failed guest's console its reason shows.
const LAST_LINES: u32 = 10;

static ATTRIBUTES: &[Attribute] = &[
    Attribute { name: "name", kind: "string", description: "Name of the server." },
    Attribute {
        name: "addresses",
        kind: "map",
        description: "A dict of all network addresses with corresponding port_id and subnets. Each network will have two keys in dict, they are network name and network id. The port ID may be obtained through the following expression: \"{get_attr: [<server>, addresses, <network name_or_id>, 0, port]}\". The subnets may be obtained trough the following expression: \"{get_attr: [<server>, addresses, <network name_or_id>, 0, subnets]}\". The network may be obtained through the following expression: \"{get_attr: [<server>, addresses, <network name_or_id>, 0, network]}\".",
    },
    Attribute {
        name: "networks",
        kind: "map",
        description: "A dict of assigned network addresses of the form: {\"public\": [ip1, ip2...], \"private\": [ip3, ip4], \"public_uuid\": [ip1, ip2...], \"private_uuid\": [ip3, ip4]}. Each network will have two keys in dict, they are network name and network id.",
    },
    Attribute {
        name: "first_address",
        kind: "",
        description: "Convenience attribute to fetch the first assigned network address, or an empty string if nothing has been assigned at this time. Result may not be predictable if the server has addresses from more than one network.",
    },
    Attribute {
        name: "instance_name",
        kind: "string",
        description: "AWS compatible instance name.",
    },
    Attribute {
        name: "accessIPv4",
        kind: "string",
        description: "The manually assigned alternative public IPv4 address of the server.",
    },
    Attribute {
        name: "accessIPv6",
        kind: "string",
        description: "The manually assigned alternative public IPv6 address of the server.",
    },
    Attribute {
        name: "tags",
        kind: "list",
        description: "Tags from the server. Supported since client version 2.26.",
    },
    SHOW_ROW,
];

impl Plugin for Server {
    fn name(&self) -> &'static str {
        "OS::Nova::Server"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let body = body(act)?;
        let id = with_delegate(act, |delegate| delegate.create_server(&body))?;
        act.resource.physical = Some(id.to_string());
        Ok(())
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        changed: &[String],
    ) -> Result<Updated> {
        if changed.iter().any(|property| calls_for_another(property, properties)) {
            return Ok(Updated::Replace);
        }
        let id = ServerId::from(act.physical());
        let change = difference(act, properties, changed);
        with_delegate(act, |delegate| delegate.change_server(&id, change))?;
        Ok(Updated::InPlace)
    }

    fn goes_before_its_successor(&self, look: &Look<'_>) -> bool {
        let nics = look.resource.properties.get("networks").and_then(Value::as_array);
        let is_single =
            |nic: &Value| !text(nic, "port").is_empty() || !text(nic, "fixed_ip").is_empty();
        nics.into_iter().flatten().any(is_single)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let id = ServerId::from(act.physical());
        gone_is_fine(with_delegate(act, |delegate| delegate.delete_server(&id)))
    }

    fn suspend(&self, act: &mut Act<'_>) -> Result<()> {
        act_unless(act, "SUSPENDED", ServerAction::Suspend)
    }

    fn resume(&self, act: &mut Act<'_>) -> Result<()> {
        act_unless(act, "ACTIVE", ServerAction::Resume)
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        let id = ServerId::from(act.physical());
        let shown = with_delegate(act, |delegate| delegate.show_server(&id))?;
        match text(&shown, "status") {
            "ACTIVE" => Ok(()),
            other => Err(Error::conflict(format!("'ACTIVE' != '{other}'")).tag("Error")),
        }
    }

    fn pending(&self, look: &Look<'_>) -> Result<Pending> {
        if look.physical().is_empty() {
            return Ok(Pending::Over);
        }
        let target = server_target(&ServerId::from(look.physical()));
        if running_on(look.hand.connection, &target)?.is_some() {
            return Ok(Pending::For(target, None));
        }
        match show(look) {
            Ok(shown) => refuse_error(&shown).map(|()| Pending::Over),
            Err(error) if error.kind == Failed::NotFound => match look.resource.action {
                Action::Delete => Ok(Pending::Over),
                Action::Init
                | Action::Create
                | Action::Update
                | Action::Rollback
                | Action::Suspend
                | Action::Resume
                | Action::Check => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// A guest that has ended by the time its boot has is no server that one can use.
    fn observe(
        &self,
        context: Context,
        resource: Resource,
    ) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
        Box::pin(async move {
            let Some(id) = resource.physical.filter(|_| resource.action == Action::Create) else {
                return Ok(Map::new());
            };
            let id = ServerId::from(id);
            match last_words(&context.platform, &id, LAST_LINES).await? {
                (console, Some(code)) => Err(Failure::Fail(ended(code, &console))),
                (_, None) => Ok(Map::new()),
            }
        })
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        let shown = show(look)?;
        Ok(match name {
            SHOW => shown,
            "networks" => Value::Object(networks(&shown)),
            "first_address" => Value::String(first_address(&shown)),
            "instance_name" => shown.get(INSTANCE_NAME).cloned().unwrap_or_default(),
            name => shown.get(name).cloned().unwrap_or_default(),
        })
    }
}

/// Heat: a server that is as wanted already is left alone.
fn act_unless(act: &mut Act<'_>, status: &str, action: ServerAction) -> Result<()> {
    let id = ServerId::from(act.physical());
    with_delegate(act, |delegate| match text(&delegate.show_server(&id)?, "status") {
        already if already == status => Ok(()),
        _ => delegate.act_on_server(&id, action),
    })
}

const INSTANCE_NAME: &str = "OS-EXT-SRV-ATTR:instance_name";

#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("name").updatable().described("Server name."),
        Property::string("image").required().updatable().custom("glance.image").described("The ID or name of the image to boot with."),
        Property::string("flavor").required().updatable().custom("nova.flavor").described("The ID or name of the flavor to boot onto."),
        Property::string("flavor_update_policy").default("RESIZE").updatable().allowed(["RESIZE", "REPLACE"]).described("Policy on how to apply a flavor update; either by requesting a server resize or by replacing the entire server."),
        Property::string("image_update_policy").default("REBUILD").updatable().allowed(["REBUILD", "REPLACE", "REBUILD_PRESERVE_EPHEMERAL"]).described("Policy on how to apply an image-id update; either by requesting a server rebuild or by replacing the entire server."),
        Property::string("key_name").custom("nova.keypair").described("Name of keypair to inject into the server."),
        Property::string("availability_zone").described("Name of the availability zone for server placement."),
        Property::list("security_groups").default(Vec::<Value>::new()).described("List of security group names or IDs. Cannot be used if neutron ports are associated with this server; assign security groups to the ports instead."),
        Property::list("networks").updatable().of(Property::map("*").with([
            Property::string("uuid").alias_of("network"),
            Property::string("network").custom("neutron.network").described("Name or ID of network to create a port on."),
            Property::string("allocate_network").allowed(["none", "auto"]),
            Property::string("fixed_ip").custom("ip_addr"),
            Property::string("port").custom("neutron.port").described("ID of an existing port to associate with this server."),
            Property::string("tag").described("Port tag. Heat ignores any update on this property as nova does not support it."),
        ])).described("An ordered list of nics to be added to this server, with information about connected networks, fixed ips, port etc."),
        Property::map("scheduler_hints").described("Arbitrary key-value pairs specified by the client to help boot a server."),
        Property::map("metadata").default(Map::new()).updatable().described("Arbitrary key/value metadata to store for this server. Both keys and values must be 255 characters or less. Non-string values will be serialized to JSON (and the serialized string must be 255 characters or less)."),
        Property::string("user_data_format").default("HEAT_CFNTOOLS").allowed(["HEAT_CFNTOOLS", "RAW", "SOFTWARE_CONFIG"]).described("How the user_data should be formatted for the server. For HEAT_CFNTOOLS, the user_data is bundled as part of the heat-cfntools cloud-init boot configuration data. For RAW the user_data is passed to Nova unmodified. For SOFTWARE_CONFIG user_data is bundled as part of the software config data, and metadata is derived from any associated SoftwareDeployment resources."),
        Property::string("user_data_update_policy").default("REPLACE").updatable().allowed(["REPLACE", "IGNORE", "REBUILD"]).described("Policy on how to apply a user_data update; by ignoring it, by replacing the entire server, or rebuild the server."),
        Property::string("user_data").default("").updatable().described("User data script to be executed by cloud-init. Changes cause replacement of the resource by default, but can be ignored altogether by setting the `user_data_update_policy` property."),
        Property::boolean("config_drive").described("If True, enable config drive on the server."),
        Property::string("diskConfig").allowed(["AUTO", "MANUAL"]).described("Control how the disk is partitioned when the server is created."),
        Property::string("admin_pass").updatable().described("The administrator password for the server."),
        Property::list("tags").updatable().of(Property::string("*")).described("Server tags. Supported since client version 2.26."),
    ])
}

/// What changes in place, or changes nothing in a server that is there.
static IN_PLACE: &[&str] = &[
    "name",
    "metadata",
    "tags",
    "flavor_update_policy",
    "image_update_policy",
    "user_data_update_policy",
];

fn calls_for_another(property: &str, new: &Map<String, Value>) -> bool {
    if property == "user_data" {
        return new.get("user_data_update_policy").and_then(Value::as_str) != Some("IGNORE");
    }
    !IN_PLACE.contains(&property)
}

/// What `changed` means for a server that is there.
fn difference(act: &Act<'_>, new: &Map<String, Value>, changed: &[String]) -> ServerChange {
    let given = |name: &str| changed.iter().any(|other| other == name).then(|| new.get(name));
    let name = given("name").map(|name| match name.and_then(Value::as_str) {
        Some(name) if !name.is_empty() => name.to_owned(),
        Some(_) | None => act.resource.physical_name(act.stack, NAME_LIMIT),
    });
    let metadata = given("metadata").map(|metadata| match metadata {
        Some(Value::Object(metadata)) => texts(metadata),
        Some(_) | None => Map::new(),
    });
    let tags = given("tags").map(|tags| {
        let tags = tags.and_then(Value::as_array).into_iter().flatten();
        tags.filter_map(Value::as_str).map(str::to_owned).collect()
    });
    ServerChange { name, metadata, tags }
}

/// What `POST /servers` is told.
fn body(act: &Act<'_>) -> Result<Value> {
    let mut server = Map::new();
    let mut put = |name: &str, value: Value| {
        server.insert(name.to_owned(), value);
    };
    put("name", Value::String(act.thing_name(NAME_LIMIT)));
    let image = act.text("image").unwrap_or_default();
    put("imageRef", Value::String(find_image(act.hand, &act.caller, image)?));
    let flavor = act.text("flavor").unwrap_or_default();
    put("flavorRef", Value::String(find_flavor(act.hand, act.stack, &act.caller, flavor)?));
    for (property, attribute) in [
        ("key_name", "key_name"),
        ("availability_zone", "availability_zone"),
        ("diskConfig", "OS-DCF:diskConfig"),
        ("admin_pass", "adminPass"),
    ] {
        if let Some(text) = act.text(property) {
            put(attribute, Value::from(text));
        }
    }
    if let Some(script) = guest_tools::user_data(act)? {
        put("user_data", Value::String(STANDARD.encode(script)));
    }
    let property = |name: &str| act.resource.properties.get(name).filter(|value| !value.is_null());
    for name in ["config_drive", "tags"] {
        if let Some(value) = property(name) {
            put(name, value.clone());
        }
    }
    if let Some(Value::Object(metadata)) = property("metadata") {
        put("metadata", Value::Object(texts(metadata)));
    }
    if let Some(Value::Array(groups)) = property("security_groups") {
        put(
            "security_groups",
            groups.iter().map(|group| object([("name", group.clone())])).collect(),
        );
    }
    if let Some(Value::Array(nics)) =
        property("networks").filter(|nics| *nics != &Value::Array(Vec::new()))
    {
        put("networks", nic_list(act, nics)?);
    }
    let mut body = object([("server", Value::Object(server))]);
    if let (Some(hints), Value::Object(members)) = (property("scheduler_hints"), &mut body) {
        members.insert("os:scheduler_hints".to_owned(), hints.clone());
    }
    Ok(body)
}

/// Heat: what is no text is kept as JSON.
fn texts(metadata: &Map<String, Value>) -> Map<String, Value> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    metadata.iter().map(|(name, value)| (name.clone(), Value::String(text(value)))).collect()
}

fn nic_list(act: &Act<'_>, nics: &[Value]) -> Result<Value> {
    let word = |nic: &Value, name: &str| {
        nic.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    if let Some(word) = nics.iter().find_map(|nic| word(nic, "allocate_network")) {
        return Ok(Value::String(word));
    }
    let mut list = Vec::new();
    for nic in nics {
        let mut given = Map::new();
        for (property, attribute, kind) in
            [("network", "uuid", Kind::Network), ("port", "port", Kind::Port)]
        {
            if let Some(name) = word(nic, property) {
                let id = neutron::find(act, kind, &name)?;
                given.insert(attribute.to_owned(), Value::String(id));
            }
        }
        for name in ["fixed_ip", "tag"] {
            if let Some(text) = word(nic, name) {
                given.insert(name.to_owned(), Value::String(text));
            }
        }
        list.push(Value::Object(given));
    }
    Ok(Value::Array(list))
}

fn show(look: &Look<'_>) -> Result<Value> {
    let caller = look.hand.caller(look.stack)?;
    let id = ServerId::from(look.physical());
    delegated(look.hand, look.stack, &caller, |delegate| delegate.show_server(&id))
}

fn text<'a>(shown: &'a Value, name: &str) -> &'a str {
    shown.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A server in ERROR fails its resource, with its fault.
fn refuse_error(shown: &Value) -> Result<()> {
    if text(shown, "status") != "ERROR" {
        return Ok(());
    }
    let fault = shown.get("fault").cloned().unwrap_or_default();
    let message = fault.get("message").and_then(Value::as_str).unwrap_or("Unknown");
    let code = fault.get("code").map_or_else(|| "Unknown".to_owned(), Value::to_string);
    Err(in_error(format!("Went to status ERROR due to \"Message: {message}, Code: {code}\"")))
}

/// Why a guest that has ended is no success.
pub(in crate::resources) fn ended(code: i64, console: &str) -> Error {
    let mut sentence =
        format!("Went to status SHUTOFF due to \"The guest ended with exit code {code}\"");
    let console = console.trim();
    if !console.is_empty() {
        sentence = format!("{sentence}. The last lines of its console:\n{console}");
    }
    in_error(sentence)
}

fn in_error(sentence: String) -> Error {
    Error::conflict(sentence).tag("ResourceInError")
}

/// Addresses by network name.
fn networks(shown: &Value) -> Map<String, Value> {
    let addresses = shown.get("addresses").and_then(Value::as_object);
    let of = |list: &Value| -> Value {
        let rows = list.as_array().into_iter().flatten();
        rows.filter_map(|row| row.get("addr").cloned()).collect()
    };
    addresses.into_iter().flatten().map(|(name, list)| (name.clone(), of(list))).collect()
}

fn first_address(shown: &Value) -> String {
    let networks = networks(shown);
    let mut all = networks.values().filter_map(Value::as_array).flatten();
    all.find_map(Value::as_str).unwrap_or_default().to_owned()
}
