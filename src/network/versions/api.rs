//! `/` and `/v2.0/`.

use kit::Result;
use kit::http::{Call, Reply};
use serde_json::{Value, json};

/// The resources of Neutron's core; extensions are listed elsewhere.
static RESOURCES: &[(&str, &str)] =
    &[("network", "networks"), ("subnet", "subnets"), ("port", "ports")];

/// `GET /`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let href = format!("{}/v2.0/", call.links.root());
    Ok(Reply::json(json!({"versions": [{
        "id": "v2.0", "status": "CURRENT", "links": [{"rel": "self", "href": href}],
    }]})))
}

/// `GET /v2.0/`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let row = |(name, collection): &(&str, &str)| {
        let href = call.links.path(&format!("/{collection}"));
        json!({"name": name, "collection": collection, "links": [{"rel": "self", "href": href}]})
    };
    let resources: Vec<Value> = RESOURCES.iter().map(row).collect();
    Ok(Reply::json(json!({"resources": resources})))
}
