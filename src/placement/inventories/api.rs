//! `/resource_providers/{uuid}/inventories`.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use serde_json::{Map, Value, json};

use crate::model::Inventory;
use crate::resource_providers::api::find;

/// `GET /resource_providers/{uuid}/inventories`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let provider = find(&call).await?;
    let own = provider.inventories.iter().map(|own| (own.class.to_owned(), shown(own)));
    let own: Map<String, Value> = own.collect();
    Ok(Reply::json(
        json!({"inventories": own, "resource_provider_generation": provider.generation}),
    ))
}

/// `GET /resource_providers/{uuid}/inventories/{resource_class}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let (provider, class) = (find(&call).await?, call.param("resource_class"));
    let missing = || {
        let uuid = &provider.uuid;
        Error::not_found(format!("No inventory of class {class} for {uuid}"))
    };
    let mut body = shown(provider.inventory(class).ok_or_else(missing)?);
    if let Some(fields) = body.as_object_mut() {
        fields.insert("resource_provider_generation".to_owned(), json!(provider.generation));
    }
    Ok(Reply::json(body))
}

fn shown(own: &Inventory) -> Value {
    // The ratio is a whole number in the settings, and a number with a fraction in the API.
    let ratio: f64 = i32::try_from(own.ratio).unwrap_or(i32::MAX).into();
    json!({
        "total": own.total, "reserved": 0, "min_unit": 1, "max_unit": own.total,
        "step_size": 1, "allocation_ratio": ratio,
    })
}
