//! `/allocation_candidates`.

use kit::error::Result;
use kit::http::{Call, Mv, Reply};
use serde_json::{Map, Value, json};

use crate::filters::{Filter, Resources};
use crate::microversions::{
    ALL_CLASSES, ALLOCATIONS_BY_PROVIDER, MAPPINGS, TRAITS_OF_CANDIDATES, TREES_OF_CANDIDATES,
};
use crate::model::Provider;
use crate::resource_providers::api::{all, placed};

/// `GET /allocation_candidates`. The request is one: groups with a suffix are not there.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let mut fitting = all(&call).await?;
    let uuid = call.query("in_tree").map(str::to_owned);
    let filter = placed(&call, Filter { uuid, ..Filter::default() })?;
    fitting.retain(|provider| filter.admits(provider));
    if let Some(limit) = call.query("limit").and_then(|text| text.parse().ok()) {
        fitting.truncate(limit);
    }
    let (version, wanted) = (call.version, &filter.resources);
    let requests = fitting.iter().map(|provider| request(provider, wanted, version));
    let summaries = fitting.iter().map(|own| (own.uuid.clone(), summary(own, wanted, version)));
    Ok(Reply::json(json!({
        "allocation_requests": requests.collect::<Vec<Value>>(),
        "provider_summaries": summaries.collect::<Map<String, Value>>(),
    })))
}

/// What would be asked of the provider.
fn request(provider: &Provider, wanted: &Resources, version: Mv) -> Value {
    let uuid = &provider.uuid;
    if version < ALLOCATIONS_BY_PROVIDER {
        let own = json!({"resource_provider": {"uuid": uuid}, "resources": wanted});
        return json!({"allocations": [own]});
    }
    let own = Map::from_iter([(uuid.clone(), json!({"resources": wanted}))]);
    let mut fields = Map::from_iter([("allocations".to_owned(), Value::Object(own))]);
    if version >= MAPPINGS {
        fields.insert("mappings".to_owned(), json!({"": [uuid]}));
    }
    Value::Object(fields)
}

/// What there is of the provider.
fn summary(provider: &Provider, wanted: &Resources, version: Mv) -> Value {
    let all = version >= ALL_CLASSES;
    let shown = provider.inventories.iter().filter(|own| all || wanted.contains_key(own.class));
    let shown = shown
        .map(|own| (own.class.to_owned(), json!({"capacity": own.capacity(), "used": own.used})));
    let resources: Map<String, Value> = shown.collect();
    let more = [
        (TRAITS_OF_CANDIDATES, "traits", json!(provider.traits)),
        (TREES_OF_CANDIDATES, "parent_provider_uuid", Value::Null),
        (TREES_OF_CANDIDATES, "root_provider_uuid", json!(provider.uuid)),
    ];
    let mut fields = Map::from_iter([("resources".to_owned(), Value::Object(resources))]);
    let more = more.into_iter().filter(|(from, _, _)| *from <= version);
    fields.extend(more.map(|(_, key, value)| (key.to_owned(), value)));
    Value::Object(fields)
}
