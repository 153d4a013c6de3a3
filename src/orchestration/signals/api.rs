//! The addresses that guests are given: `/heat-api-cfn/v1/{waitcondition,signal,temporary,init}/…`.
//! No token, the URL is the proof.

use std::sync::Arc;

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::ids::StackId;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::proof::{self, Purpose};
use crate::engine::Hand;
use crate::guest_tools;
use crate::stack_resources::model::Resource;
use crate::stack_resources::{logic, signal};
use crate::stacks::lookup::not_found;
use crate::stacks::model::Stack;
use crate::stacks::store;

/// The most that a signal may say, bytes.
const LIMIT_BYTES: usize = 64 << 10;

/// `PUT /waitcondition/{arn}`. It waits until the signal is taken, so it says what was wrong.
pub(crate) async fn wait_condition(mut call: Call) -> Result<Reply> {
    let details = read(&mut call).await?;
    let shown = call.query("Signature").unwrap_or_default().to_owned();
    let name = call.param("resource_name").to_owned();
    let metadata = take(&call, Purpose::Signature, shown, details).await?;
    Ok(Reply::json(json!({"resource": name, "metadata": metadata})))
}

/// `POST /signal/{arn}`.
pub(crate) async fn signed(mut call: Call) -> Result<Reply> {
    let details = read(&mut call).await?;
    let shown = call.query("Signature").unwrap_or_default().to_owned();
    take(&call, Purpose::Signature, shown, details).await?;
    Ok(Reply::json(Value::Null))
}

/// `PUT /temporary/{arn}`: as one puts an object into Swift.
pub(crate) async fn temporary(mut call: Call) -> Result<Reply> {
    let details = read(&mut call).await?;
    let shown = call.query("temp_url_sig").unwrap_or_default().to_owned();
    take(&call, Purpose::TemporaryUrl, shown, details).await?;
    Ok(Reply::empty())
}

/// `GET /init/{arn}`: what the metadata of a resource wants done, as a script for its guest.
pub(crate) async fn init(call: Call) -> Result<Reply> {
    let shown = call.query("Signature").unwrap_or_default().to_owned();
    let (named, name) =
        (call.param("stack_name").to_owned(), call.param("resource_name").to_owned());
    let id = StackId::from(call.param("stack_id"));
    let platform = Arc::clone(&call.platform);
    let read = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        let stack = living(hand, &id, &named)?;
        let resource = bearer(hand, &stack, &name, Purpose::Init, &shown)?;
        Ok(guest_tools::init::script(&resource.metadata))
    };
    let script = call.platform.store.read(read).await?;
    Ok(Reply::text("text/x-shellscript", script))
}

/// The stack of a path.
fn living(hand: Hand<'_>, id: &StackId, name: &str) -> Result<Stack> {
    let found = store::get_for_system(hand.connection, id)?;
    let found = found.filter(|stack| stack.name == name && stack.deleted_at.is_none());
    found.ok_or_else(|| not_found(name))
}

/// What the signal says, whatever type its body claims to be of; nothing is said by no body.
async fn read(call: &mut Call) -> Result<Value> {
    let mut bytes = Vec::new();
    while let Some(upload) = &mut call.upload
        && let Some(chunk) = upload.next().await
    {
        bytes.extend_from_slice(&chunk?);
        if bytes.len() > LIMIT_BYTES {
            return Err(Error::bad_request("A signal is at most 64 KiB long."));
        }
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Null);
    }
    let parsed = serde_json::from_slice(&bytes);
    parsed.map_err(|_| Error::bad_request("The body of a signal is JSON."))
}

/// Gives the signal to the resource of the path; its metadata then.
async fn take(call: &Call, purpose: Purpose, shown: String, details: Value) -> Result<Value> {
    let platform = Arc::clone(&call.platform);
    let named = call.param("stack_name").to_owned();
    let id = StackId::from(call.param("stack_id"));
    let name = call.param("resource_name").to_owned();
    let write = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        let stack = living(hand, &id, &named)?;
        bearer(hand, &stack, &name, purpose, &shown)?;
        let resource = signal::deliver(hand, &stack, &name, &details)?;
        logic::metadata(hand, &stack, &resource)
    };
    call.platform.store.write("signals:take", write).await
}

/// The resource, for whoever shows the proof for it.
pub(crate) fn bearer(
    hand: Hand<'_>,
    stack: &Stack,
    name: &str,
    purpose: Purpose,
    shown: &str,
) -> Result<Resource> {
    let row = logic::named(hand, stack, name)?;
    let resource = row.ok_or_else(|| logic::not_found(name, stack))?;
    proof::check(hand.connection, purpose, &resource, shown)?;
    Ok(resource)
}
