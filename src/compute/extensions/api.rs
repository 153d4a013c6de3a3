//! `/extensions`: rows become answers.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use serde_json::{Value, json};

use super::table::EXTENSIONS;

/// `GET /extensions`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let rows: Vec<Value> = EXTENSIONS.iter().map(|(alias, name)| view(alias, name)).collect();
    Ok(Reply::json(json!({"extensions": rows})))
}

/// `GET /extensions/{alias}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    call.authorize()?;
    let asked = call.param("alias");
    let (alias, name) = EXTENSIONS
        .iter()
        .find(|(alias, _)| *alias == asked)
        .ok_or_else(|| Error::not_found("The resource could not be found."))?;
    Ok(Reply::json(json!({"extension": view(alias, name)})))
}

fn view(alias: &str, name: &str) -> Value {
    json!({
        "alias": alias,
        "name": name,
        "description": format!("The extension {name}."),
        "links": [],
        "namespace": "http://docs.openstack.org/compute/ext/fake_xml",
        "updated": "2014-12-03T00:00:00Z",
    })
}
