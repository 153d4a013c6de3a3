//! The body that a template's server is asked of compute by.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kit::error::Result;
use network::facade::Kind;
use serde_json::{Map, Value};

use crate::guest_tools;
use crate::resources::{Act, find_flavor, find_image, neutron, object};

/// The longest name that is made for a server (Heat: `max_server_name_length`).
pub(super) const NAME_LIMIT: usize = 53;

/// What `POST /servers` is told.
pub(super) fn body(act: &Act<'_>) -> Result<Value> {
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
    put("personality", personality(&act.resource.properties));
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
