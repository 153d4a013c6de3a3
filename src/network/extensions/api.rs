//! `/extensions`.

use kit::Result;
use kit::error::Error;
use kit::http::{Call, Reply};
use serde_json::{Value, json};

use super::{ALL, Extension, NOT_ENFORCED};
use crate::filters::enforcement;

/// `GET /extensions`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let is_lacking = enforcement::is_lacking(&call.platform);
    let rows: Vec<Value> = ALL.iter().map(|row| view(row, is_lacking)).collect();
    Ok(Reply::json(json!({"extensions": rows})))
}

/// `GET /extensions/{alias}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let alias = call.param("alias");
    let found = ALL.iter().find(|row| row.alias == alias);
    let found = found
        .ok_or_else(|| Error::not_found(format!("Extension with alias {alias} does not exist")))?;
    let is_lacking = enforcement::is_lacking(&call.platform);
    Ok(Reply::json(json!({"extension": view(found, is_lacking)})))
}

fn view(row: &Extension, is_lacking: bool) -> Value {
    let mut description = row.description.to_owned();
    if row.is_enforced && is_lacking {
        description.push_str(NOT_ENFORCED);
    }
    json!({
        "name": row.name, "alias": row.alias, "description": description,
        "updated": row.updated, "links": [],
    })
}
