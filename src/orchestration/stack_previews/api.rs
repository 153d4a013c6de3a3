//! `/stacks/preview` and `/stacks/{stack_name}/{stack_id}/preview`.

use std::sync::Arc;

use kit::error::Result;
use kit::http::{Call, Cx, Reply};
use rusqlite::Connection;

use super::{logic, view};
use crate::engine::Hand;
use crate::stacks::lookup::{Asked, Rights};
use crate::stacks::request;

/// `POST /stacks/preview`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize()?;
    let new = request::new_stack(&call.body)?;
    let (platform, caller) = (Arc::clone(&call.platform), call.caller()?.clone());
    let request_id = call.request_id.clone();
    let read = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        logic::of_creation(hand, &caller, &request_id, new)
    };
    let creation = call.platform.store.read(read).await?;
    Ok(Reply::json(view::creation(&creation, &Cx::new(&call))))
}

/// `PUT /stacks/{stack_name}/{stack_id}/preview`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    change(&call, false).await
}

/// `PATCH /stacks/{stack_name}/{stack_id}/preview`.
pub(crate) async fn patch(call: Call) -> Result<Reply> {
    change(&call, true).await
}

async fn change(call: &Call, keep: bool) -> Result<Reply> {
    let (asked, rights) = (Asked::of(call)?, Rights::of(call)?);
    let (platform, caller) = (Arc::clone(&call.platform), call.caller()?.clone());
    let (request_id, body) = (call.request_id.clone(), call.body.clone());
    let read = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        let stack = asked.open_living(connection, &rights)?;
        let change = request::change(&body, &stack, keep)?;
        logic::of_update(hand, &caller, &request_id, stack, change)
    };
    let changes = call.platform.store.read(read).await?;
    Ok(Reply::json(view::changes(&changes, &Cx::new(call))))
}
