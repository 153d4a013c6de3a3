//! `/resource_providers/{uuid}/aggregates`.

use kit::error::Result;
use kit::http::{Call, Reply};
use serde_json::json;

use crate::microversions::AGGREGATES_GENERATION;
use crate::resource_providers::api::find;

/// `GET /resource_providers/{uuid}/aggregates`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let provider = find(&call).await?;
    let mut body = json!({"aggregates": provider.aggregates});
    if let Some(fields) = body.as_object_mut().filter(|_| call.version >= AGGREGATES_GENERATION) {
        fields.insert("resource_provider_generation".to_owned(), json!(provider.generation));
    }
    Ok(Reply::json(body))
}
