//! The operations on tags, for any resource that has them.

use kit::Result;
use kit::error::Error;
use kit::http::pyrepr::Str;
use kit::http::{Call, Reply};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::store;
use crate::floating_ips::model::FloatingIp;
use crate::networks::model::Network;
use crate::ports::model::Port;
use crate::resource::{Actor, Resource};
use crate::routers::model::Router;
use crate::security_groups::model::SecurityGroup;
use crate::subnetpools::model::SubnetPool;
use crate::subnets::model::Subnet;

/// A resource with tags.
pub(crate) trait Tagged: Resource {
    /// Its table.
    const TABLE: &'static str;
}

impl Tagged for Network {
    const TABLE: &'static str = "network";
}
impl Tagged for Subnet {
    const TABLE: &'static str = "subnet";
}
impl Tagged for SubnetPool {
    const TABLE: &'static str = "subnetpool";
}
impl Tagged for Port {
    const TABLE: &'static str = "port";
}
impl Tagged for Router {
    const TABLE: &'static str = "router";
}
impl Tagged for FloatingIp {
    const TABLE: &'static str = "floating_ip";
}
impl Tagged for SecurityGroup {
    const TABLE: &'static str = "security_group";
}

/// `GET /networks/{network_id}/tags`.
pub(crate) async fn index<R: Tagged>(call: Call) -> Result<Reply> {
    let tags = read::<R>(&call).await?;
    Ok(Reply::json(json!({"tags": tags})))
}

/// `GET /networks/{network_id}/tags/{tag}`.
pub(crate) async fn show<R: Tagged>(call: Call) -> Result<Reply> {
    let tag = call.param("tag").to_owned();
    if read::<R>(&call).await?.contains(&tag) { Ok(Reply::empty()) } else { Err(not_found(&tag)) }
}

/// `PUT /networks/{network_id}/tags`.
pub(crate) async fn replace<R: Tagged>(call: Call) -> Result<Reply> {
    let wanted = from_body(&call)?;
    let tags = change::<R>(&call, move |_| Ok(wanted)).await?;
    Ok(Reply::json(json!({"tags": tags})))
}

/// `POST /networks/{network_id}/tags`.
pub(crate) async fn extend<R: Tagged>(call: Call) -> Result<Reply> {
    let more = from_body(&call)?;
    let tags = change::<R>(&call, move |tags| Ok(tags.into_iter().chain(more).collect())).await?;
    Ok(Reply::json(json!({"tags": tags})))
}

/// `PUT /networks/{network_id}/tags/{tag}`.
pub(crate) async fn add<R: Tagged>(call: Call) -> Result<Reply> {
    let tag = check(&Value::from(call.param("tag")))?;
    change::<R>(&call, move |tags| Ok(tags.into_iter().chain([tag]).collect())).await?;
    Ok(Reply::empty())
}

/// `DELETE /networks/{network_id}/tags`.
pub(crate) async fn clear<R: Tagged>(call: Call) -> Result<Reply> {
    change::<R>(&call, |_| Ok(Vec::new())).await?;
    Ok(Reply::empty())
}

/// `DELETE /networks/{network_id}/tags/{tag}`.
pub(crate) async fn remove<R: Tagged>(call: Call) -> Result<Reply> {
    let tag = call.param("tag").to_owned();
    let without = move |tags: Vec<String>| {
        if !tags.contains(&tag) {
            return Err(not_found(&tag));
        }
        Ok(tags.into_iter().filter(|other| *other != tag).collect())
    };
    change::<R>(&call, without).await?;
    Ok(Reply::empty())
}

async fn read<R: Tagged>(call: &Call) -> Result<Vec<String>> {
    let (actor, id) = (Actor::of(call)?, call.param(R::PARAMETER).to_owned());
    let read = move |connection: &Connection| {
        actor.open_tagged::<R>(connection, &id)?;
        store::get(connection, R::TABLE, &id)
    };
    call.platform.store.read(read).await
}

async fn change<R: Tagged>(
    call: &Call,
    decide: impl FnOnce(Vec<String>) -> Result<Vec<String>> + Send + 'static,
) -> Result<Vec<String>> {
    let (actor, id) = (Actor::of(call)?, call.param(R::PARAMETER).to_owned());
    let write = move |connection: &Connection| {
        actor.open_tagged::<R>(connection, &id)?;
        let mut tags = decide(store::get(connection, R::TABLE, &id)?)?;
        tags.sort();
        tags.dedup();
        store::set(connection, R::TABLE, &id, &tags, actor.now)?;
        Ok(tags)
    };
    call.platform.store.write("tags", write).await
}

/// Replaces the tags of a row, without a request.
pub(crate) fn set<R: Tagged>(
    actor: &Actor,
    connection: &Connection,
    id: &str,
    wanted: &Value,
) -> Result<()> {
    actor.open_tagged::<R>(connection, id)?;
    let items = wanted.as_array().into_iter().flatten();
    let mut tags = items.map(check).collect::<Result<Vec<_>>>()?;
    tags.sort();
    tags.dedup();
    store::set(connection, R::TABLE, id, &tags, actor.now)
}

fn from_body(call: &Call) -> Result<Vec<String>> {
    let items = call.body.get("tags").and_then(Value::as_array);
    let items = items.ok_or_else(|| Error::bad_request("Invalid tags body"))?;
    items.iter().map(check).collect()
}

/// Neutron: up to 255 characters that are not all blank.
fn check(tag: &Value) -> Result<String> {
    let text = tag.as_str().filter(|text| {
        let length = text.chars().count();
        (1..=255).contains(&length) && !text.trim().is_empty()
    });
    text.map(str::to_owned).ok_or_else(|| {
        Error::bad_request(format!(
            "Invalid input for tags. Reason: '{}' is not a valid string.",
            Str(tag)
        ))
    })
}

fn not_found(tag: &str) -> Error {
    Error::not_found(format!("Tag {tag} could not be found.")).tag("TagNotFound")
}
