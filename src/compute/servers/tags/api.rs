//! `/servers/{server_id}/tags`.

use kit::error::{Error, Result};
use kit::http::pyrepr::Repr;
use kit::http::{Call, Reply};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::servers::logic::{Asked, change_tags};
use crate::servers::model::Server;
use crate::servers::states::{Action, DELETE_TAG, DELETE_TAGS, UPDATE_TAG, UPDATE_TAGS};

/// A server has no more of them (Nova: `MAX_TAG_COUNT`).
const MOST: usize = 50;
/// No tag is longer (Nova: `MAX_TAG_LENGTH`).
const LONGEST: usize = 60;

/// `GET …/tags`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let server = call.platform.store.read(move |db: &Connection| asked.open(db)).await?;
    Ok(Reply::json(json!({"tags": server.tags})))
}

/// `GET …/tags/{tag}`: is it there?
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let server = call.platform.store.read(move |db: &Connection| asked.open(db)).await?;
    let tag = call.param("tag");
    if server.tags.iter().any(|own| own == tag) {
        return Ok(Reply::empty());
    }
    Err(Error::not_found(format!("Server {} has no tag '{tag}'", server.id)))
}

/// `PUT …/tags/{tag}`: 201 when it is new.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let tag = call.param("tag").to_owned();
    let location = call.links.path(&format!("/servers/{}/tags/{tag}", call.param("server_id")));
    let added = change(&call, &UPDATE_TAG, move |_, tags| {
        check(&tag)?;
        if tags.len() >= MOST {
            let sentence = format!("The number of tags exceeded the per-server limit {MOST}");
            return Err(Error::bad_request(sentence));
        }
        let new = !tags.contains(&tag);
        if new {
            tags.push(tag);
        }
        Ok(new)
    });
    Ok(if added.await? {
        Reply::empty().status(201).header("Location", location)
    } else {
        Reply::empty().status(204)
    })
}

/// `PUT …/tags`: replaces all.
pub(crate) async fn replace(call: Call) -> Result<Reply> {
    let wanted = call.body.get("tags").and_then(Value::as_array).into_iter().flatten();
    let mut wanted: Vec<String> = wanted.filter_map(Value::as_str).map(str::to_owned).collect();
    wanted.sort();
    wanted.dedup();
    let shown = wanted.clone();
    change(&call, &UPDATE_TAGS, move |_, tags| {
        *tags = wanted;
        Ok(())
    })
    .await?;
    Ok(Reply::json(json!({"tags": shown})))
}

/// `DELETE …/tags/{tag}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let tag = call.param("tag").to_owned();
    change(&call, &DELETE_TAG, move |server, tags| {
        if !tags.contains(&tag) {
            let sentence = format!("Instance {} has no tag '{tag}'", server.id);
            return Err(Error::not_found(sentence));
        }
        tags.retain(|own| *own != tag);
        Ok(())
    })
    .await?;
    Ok(Reply::empty())
}

/// `DELETE …/tags`.
pub(crate) async fn delete_all(call: Call) -> Result<Reply> {
    change(&call, &DELETE_TAGS, |_, tags| {
        tags.clear();
        Ok(())
    })
    .await?;
    Ok(Reply::empty())
}

async fn change<T: Send + 'static>(
    call: &Call,
    action: &'static Action,
    change: impl FnOnce(&Server, &mut Vec<String>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let asked = Asked::new(call)?;
    let write = move |db: &Connection| change_tags(&asked, db, action, change);
    call.platform.store.write("servers:tags", write).await
}

/// The tag stands in the URL, so no contract has looked at it.
fn check(tag: &str) -> Result<()> {
    let quoted = Repr(&Value::from(tag)).to_string();
    let why = if tag.chars().count() > LONGEST {
        format!("{quoted} is too long")
    } else if tag.contains([',', '/']) {
        format!("{quoted} does not match '^[^,/]*$'")
    } else {
        return Ok(());
    };
    Err(Error::bad_request(format!(
        "Tag '{tag}' is invalid. It must be a non empty string without characters '/' and ','. \
         Validation error message: {why}"
    )))
}
