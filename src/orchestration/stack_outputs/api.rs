//! `/stacks/{stack_name}/{stack_id}/outputs`.

use std::sync::Arc;

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::logic;
use crate::engine::Hand;
use crate::stacks::blueprint::Blueprint;
use crate::stacks::lookup::{Asked, Rights};

/// `GET …/outputs`: what there is, without values.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let read = move |connection: &Connection| asked.open(connection, &rights);
    let stack = call.platform.store.read(read).await?;
    let blueprint = Blueprint::of(&stack)?;
    let outputs = blueprint.definition.outputs();
    let outputs: Vec<Value> =
        outputs.map(|output| Value::Object(logic::described(output))).collect();
    Ok(Reply::json(json!({"outputs": outputs})))
}

/// `GET …/outputs/{output_key}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let platform = Arc::clone(&call.platform);
    let key = call.param("output_key").to_owned();
    // Heat: the name is never filled in.
    let missing = || Error::not_found("Specified output key {} not found.").tag("NotFound");
    let read = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        let stack = asked.open(connection, &rights)?;
        let blueprint = Blueprint::of(&stack)?;
        Ok(logic::named(hand, &stack, &blueprint, &key))
    };
    let output = call.platform.store.read(read).await?.ok_or_else(missing)?;
    Ok(Reply::json(json!({"output": output})))
}
