//! `/resource_classes`.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::policy::Target;
use serde_json::{Value, json};

use crate::model::RESOURCE_CLASSES;

/// `GET /resource_classes`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize_on(&Target::none())?;
    let rows: Vec<Value> = RESOURCE_CLASSES.iter().map(|name| shown(name)).collect();
    Ok(Reply::json(json!({"resource_classes": rows})))
}

/// `GET /resource_classes/{name}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    call.authorize_on(&Target::none())?;
    let name = call.param("name");
    if RESOURCE_CLASSES.contains(&name) {
        return Ok(Reply::json(shown(name)));
    }
    Err(Error::not_found(format!("No such resource class {name}.")))
}

fn shown(name: &str) -> Value {
    let own = format!("/placement/resource_classes/{name}");
    json!({"name": name, "links": [{"rel": "self", "href": own}]})
}
