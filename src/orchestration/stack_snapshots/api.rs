//! `/stacks/{stack_name}/{stack_id}/snapshots`.

use std::sync::Arc;

use kit::error::Result;
use kit::http::{Call, Cx, Reply};
use kit::ids::StackSnapshotId;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{logic, store, view};
use crate::engine::Hand;
use crate::stacks::lookup::{Asked, Rights};
use crate::view::accepted;

fn id(call: &Call) -> StackSnapshotId {
    StackSnapshotId::from(call.param("snapshot_id"))
}

/// `GET …/snapshots`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let read = move |connection: &Connection| {
        store::of_stack(connection, &asked.open(connection, &rights)?.id)
    };
    let rows = call.platform.store.read(read).await?;
    let cx = Cx::new(&call);
    let rows: Vec<Value> = rows.iter().map(|row| view::DETAIL.render(row, &cx)).collect();
    Ok(Reply::json(json!({"snapshots": rows})))
}

/// `POST …/snapshots`. Heat shows what it makes without a wrapping.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let (platform, request_id) = (Arc::clone(&call.platform), call.request_id.clone());
    let name = call.body.get("name").and_then(Value::as_str).map(str::to_owned);
    let write = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        logic::create(hand, &request_id, asked.open_living(connection, &rights)?, name)
    };
    let row = call.platform.store.write("stack_snapshots:create", write).await?;
    Ok(Reply::json(view::DETAIL.render(&row, &Cx::new(&call))))
}

/// `GET …/snapshots/{snapshot_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let (asked, rights, id) = (Asked::of(&call)?, Rights::of(&call)?, id(&call));
    let read = move |connection: &Connection| {
        logic::find(connection, &asked.open(connection, &rights)?, &id)
    };
    let row = call.platform.store.read(read).await?;
    Ok(Reply::json(json!({"snapshot": view::DETAIL.render(&row, &Cx::new(&call))})))
}

/// `DELETE …/snapshots/{snapshot_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let (asked, rights, id) = (Asked::of(&call)?, Rights::of(&call)?, id(&call));
    let (platform, caller) = (Arc::clone(&call.platform), call.caller()?.clone());
    let write = move |connection: &Connection| {
        let stack = asked.open_living(connection, &rights)?;
        let snapshot = logic::find(connection, &stack, &id)?;
        logic::delete(Hand::new(&platform, connection), &caller, &snapshot)
    };
    call.platform.store.write("stack_snapshots:delete", write).await?;
    Ok(Reply::empty())
}

/// `POST …/snapshots/{snapshot_id}/restore`.
pub(crate) async fn restore(call: Call) -> Result<Reply> {
    let (asked, rights, id) = (Asked::of(&call)?, Rights::of(&call)?, id(&call));
    let (platform, request_id) = (Arc::clone(&call.platform), call.request_id.clone());
    let write = move |connection: &Connection| {
        let stack = asked.open_living(connection, &rights)?;
        let snapshot = logic::find(connection, &stack, &id)?;
        logic::restore(Hand::new(&platform, connection), &request_id, stack, &snapshot)
    };
    call.platform.store.write("stack_snapshots:restore", write).await?;
    Ok(Reply::json(accepted()))
}
