//! The body that a template's server is asked of compute by.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kit::error::{Error, Result};
use serde_json::{Map, Value};

use super::networks;
use crate::guest_tools;
use crate::resources::{Act, find_flavor, find_image, object};

/// The longest name that is made for a server (Heat: `max_server_name_length`).
pub(super) const NAME_LIMIT: usize = 53;

/// A row of [`REFUSED`].
type Refused = (&'static str, fn(&Value) -> bool, &'static str);

/// What a property asks for that a service would do which is not here: the property, whether its
/// value asks for it, and why it is refused.
static REFUSED: &[Refused] = &[
    ("block_device_mapping", asks_for_some, NO_CINDER),
    ("block_device_mapping_v2", asks_for_some, NO_CINDER),
    ("software_config_transport", |value| value == "ZAQAR_MESSAGE", NO_ZAQAR),
    ("deployment_swift_data", asks_for_some, NO_SWIFT),
];

const NO_CINDER: &str = "Block devices need cinder: volumev3 endpoint is not in service catalog.";
const NO_ZAQAR: &str = "ZAQAR_MESSAGE needs zaqar: messaging endpoint is not in service catalog.";
const NO_SWIFT: &str = "Deployment data of swift: object-store endpoint is not in service catalog.";

fn asks_for_some(value: &Value) -> bool {
    match value {
        Value::Array(rows) => !rows.is_empty(),
        Value::Object(members) => members.values().any(|member| !member.is_null()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Refuses what needs a service that is absent.
pub(super) fn refuse_absent(properties: &Map<String, Value>) -> Result<()> {
    let asks = |(name, asks, _): &&Refused| properties.get(*name).is_some_and(asks);
    let refused = REFUSED.iter().find(asks);
    refused.map_or(Ok(()), |(_, _, sentence)| {
        Err(Error::bad_request(*sentence).tag("ResourceTypeUnavailable"))
    })
}

/// What `POST /servers` is told.
pub(super) fn body(act: &mut Act<'_>) -> Result<Value> {
    refuse_absent(&act.resource.properties)?;
    let networks = match act.resource.properties.get("networks").cloned() {
        Some(Value::Array(nics)) if !nics.is_empty() => Some(networks::asked(act, &nics)?),
        Some(_) | None => None,
    };
    let mut server = Map::new();
    let mut put = |name: &str, value: Value| {
        server.insert(name.to_owned(), value);
    };
    put("name", Value::String(act.thing_name(NAME_LIMIT)));
    let image = act.text("image").ok_or_else(no_image)?;
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
    put("personality", personality(&act.resource.properties));
    if let Some(Value::Array(groups)) = property("security_groups") {
        put(
            "security_groups",
            groups.iter().map(|group| object([("name", group.clone())])).collect(),
        );
    }
    if let Some(networks) = networks {
        put("networks", networks);
    }
    let mut body = object([("server", Value::Object(server))]);
    if let (Some(hints), Value::Object(members)) = (property("scheduler_hints"), &mut body) {
        members.insert("os:scheduler_hints".to_owned(), hints.clone());
    }
    Ok(body)
}

/// Heat's words for a server that boots from nothing.
fn no_image() -> Error {
    let sentence = "Neither image nor bootable volume is specified for this server.";
    Error::bad_request(sentence).tag("StackValidationFailed")
}

/// The files of the property, as compute reads them.
pub(super) fn personality(properties: &Map<String, Value>) -> Value {
    let files = properties.get("personality").and_then(Value::as_object);
    let file = |(path, contents): (&String, &Value)| {
        let contents = STANDARD.encode(contents.as_str().unwrap_or_default());
        object([("path", Value::from(path.as_str())), ("contents", Value::String(contents))])
    };
    files.into_iter().flatten().map(file).collect()
}

/// Heat: what is no text is kept as JSON.
pub(super) fn texts(metadata: &Map<String, Value>) -> Map<String, Value> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    metadata.iter().map(|(name, value)| (name.clone(), Value::String(text(value)))).collect()
}
