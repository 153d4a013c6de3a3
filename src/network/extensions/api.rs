//! `/extensions`.

use kit::Result;
use kit::error::Error;
use kit::http::{Call, Reply};
use serde_json::{Value, json};

use super::{ALL, Extension};

/// `GET /extensions`.
pub(crate) async fn index(_: Call) -> Result<Reply> {
    let rows: Vec<Value> = ALL.iter().map(view).collect();
    Ok(Reply::json(json!({"extensions": rows})))
}

/// `GET /extensions/{alias}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let alias = call.param("alias");
    let found = ALL.iter().find(|row| row.alias == alias);
    let found = found
        .ok_or_else(|| Error::not_found(format!("Extension with alias {alias} does not exist")))?;
    Ok(Reply::json(json!({"extension": view(found)})))
}

fn view(row: &Extension) -> Value {
    json!({
        "name": row.name, "alias": row.alias, "description": row.description,
        "updated": row.updated, "links": [],
    })
}
