//! What an update makes of a server: nothing, another name, another guest, or another server.
//!
//! A changed password replaces the server.

use std::mem;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use compute::facade::ServerChange;
use kit::error::Result;
use kit::ids::ServerId;
use serde_json::{Map, Value};

use super::body::{NAME_LIMIT, personality, refuse_absent, texts};
use super::{networks, resize};
use crate::guest_tools;
use crate::resources::nova::with_delegate;
use crate::resources::{Act, Updated, find_image, object};

/// What changes in place, or changes nothing in a server that is there.
static IN_PLACE: &[&str] = &[
    "name",
    "metadata",
    "tags",
    "networks",
    "flavor_update_policy",
    "image_update_policy",
    "user_data_update_policy",
    "software_config_transport",
    "deployment_swift_data",
];

/// What changes by its policy: the property, the policy, and its word for another server.
static BY_POLICY: &[(&str, &str)] = &[
    ("flavor", "flavor_update_policy"),
    ("image", "image_update_policy"),
    ("user_data", "user_data_update_policy"),
];

/// Makes the server what `new` says, or says that another must take its place.
pub(super) fn apply(
    act: &mut Act<'_>,
    new: &Map<String, Value>,
    changed: &[String],
) -> Result<Updated> {
    // What an earlier update wanted is history, also where another server takes the place.
    resize::forget(act);
    let rebuilds = changed.iter().any(|property| calls_for_another_guest(property, new));
    let moves = changed.iter().any(|property| property == "networks");
    let resizes = changed.iter().any(|property| property == "flavor");
    // One thing at a time is done to a server.
    let is_too_much = [rebuilds, moves, resizes].into_iter().filter(|asked| *asked).count() > 1;
    if is_too_much || changed.iter().any(|property| calls_for_another(property, new)) {
        return Ok(Updated::Replace);
    }
    refuse_absent(new)?;
    let id = ServerId::from(act.physical());
    let change = difference(act, new, changed);
    with_delegate(act, |delegate| delegate.change_server(&id, change))?;
    networks::forget_moves(act);
    if resizes {
        resize::begin(act, new)?;
    }
    if moves {
        networks::update(act, new)?;
    }
    if rebuilds {
        let body = rebuild(act, new, changed)?;
        with_delegate(act, |delegate| delegate.rebuild_server(&id, &body))?;
    }
    Ok(Updated::InPlace)
}

fn policy<'a>(property: &str, new: &'a Map<String, Value>) -> Option<&'a str> {
    let (_, policy) = BY_POLICY.iter().find(|(name, _)| *name == property)?;
    new.get(*policy).and_then(Value::as_str)
}

fn calls_for_another(property: &str, new: &Map<String, Value>) -> bool {
    match policy(property, new) {
        Some(policy) => policy == "REPLACE",
        None => !IN_PLACE.contains(&property),
    }
}

fn calls_for_another_guest(property: &str, new: &Map<String, Value>) -> bool {
    policy(property, new).is_some_and(|policy| policy.starts_with("REBUILD"))
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

/// What the action `rebuild` is told. User data stays where its changes are not to rebuild.
fn rebuild(act: &mut Act<'_>, new: &Map<String, Value>, changed: &[String]) -> Result<Value> {
    let image = new.get("image").and_then(Value::as_str).unwrap_or_default();
    let image = find_image(act.hand, &act.caller, image)?;
    let preserves = policy("image", new) == Some("REBUILD_PRESERVE_EPHEMERAL");
    let is_changed = |name: &str| changed.iter().any(|other| other == name);
    let mut body = Map::from_iter([
        ("imageRef".to_owned(), Value::String(image)),
        ("preserve_ephemeral".to_owned(), Value::Bool(preserves && is_changed("image"))),
        ("personality".to_owned(), personality(new)),
    ]);
    if is_changed("user_data") && calls_for_another_guest("user_data", new) {
        body.insert("user_data".to_owned(), user_data(act, new)?);
    }
    Ok(object([("rebuild", Value::Object(body))]))
}

/// The user data that `new` makes, in base64; null where it makes none.
fn user_data(act: &mut Act<'_>, new: &Map<String, Value>) -> Result<Value> {
    let old = mem::replace(&mut act.resource.properties, new.clone());
    let script = guest_tools::user_data(act);
    act.resource.properties = old;
    Ok(script?.map(|script| STANDARD.encode(script)).into())
}
