//! `/stacks/{stack_name}/{stack_id}/export` and `…/abandon`.

use std::sync::Arc;

use kit::error::Result;
use kit::http::{Call, Reply};
use rusqlite::Connection;

use super::{logic, view};
use crate::engine::Hand;
use crate::stacks::lookup::{Asked, Rights};

/// `GET /stacks/{stack_name}/{stack_id}/export`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let read = move |connection: &Connection| {
        logic::export(connection, &asked.open_living(connection, &rights)?)
    };
    let exported = call.platform.store.read(read).await?;
    Ok(Reply::json(view::export(&exported)?))
}

/// `DELETE /stacks/{stack_name}/{stack_id}/abandon`.
pub(crate) async fn abandon(call: Call) -> Result<Reply> {
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let (platform, request_id) = (Arc::clone(&call.platform), call.request_id.clone());
    let write = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        logic::abandon(hand, &request_id, asked.open_living(connection, &rights)?)
    };
    let exported = call.platform.store.write("stacks:abandon", write).await?;
    Ok(Reply::json(view::export(&exported)?))
}
