//! `/allocations/{consumer_uuid}`, and `/resource_providers/{uuid}/allocations`.

use compute::facade::{Consumer, consumer, consumers_on};
use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::{HostId, ServerId};
use kit::policy::Target;
use serde_json::{Map, Value, json};

use crate::microversions::{ALLOCATIONS_BY_PROVIDER, CONSUMER_GENERATION, CONSUMER_TYPES};
use crate::model::{DISK_GB, MEMORY_MB, VCPU};
use crate::resource_providers::api::{all, find};

/// Nobody but compute says what a consumer has, so there is one generation of it.
const GENERATION: i64 = 1;

/// `GET /resource_providers/{uuid}/allocations`.
pub(crate) async fn of_provider(call: Call) -> Result<Reply> {
    let provider = find(&call).await?;
    let host = HostId::from(provider.uuid.as_str());
    let consumers = call.platform.store.read(move |db| consumers_on(db, &host)).await?;
    let shows_generation = call.version >= CONSUMER_GENERATION;
    let own = |consumer: &Consumer| {
        let mut fields = Map::from_iter([("resources".to_owned(), resources(consumer))]);
        if shows_generation {
            fields.insert("consumer_generation".to_owned(), json!(GENERATION));
        }
        (consumer.server.to_string(), Value::Object(fields))
    };
    let allocations: Map<String, Value> = consumers.iter().map(own).collect();
    let generation = provider.generation;
    Ok(Reply::json(json!({"allocations": allocations, "resource_provider_generation": generation})))
}

/// `GET /allocations/{consumer_uuid}`: nothing at all of a consumer that nobody knows.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    call.authorize_on(&Target::none())?;
    let server = ServerId::from(call.param("consumer_uuid"));
    let Some(consumer) = call.platform.store.read(move |db| consumer(db, &server)).await? else {
        return Ok(Reply::json(json!({"allocations": {}})));
    };
    let host = consumer.host.as_str();
    let providers = all(&call).await?;
    let generation = providers.iter().find(|own| own.uuid == host).map_or(0, |own| own.generation);
    let own = json!({"resources": resources(&consumer), "generation": generation});
    let allocations = Map::from_iter([(host.to_owned(), own)]);
    let mut body = Map::from_iter([("allocations".to_owned(), Value::Object(allocations))]);
    let more = [
        (ALLOCATIONS_BY_PROVIDER, "project_id", json!(consumer.project)),
        (ALLOCATIONS_BY_PROVIDER, "user_id", json!(consumer.user)),
        (CONSUMER_GENERATION, "consumer_generation", json!(GENERATION)),
        (CONSUMER_TYPES, "consumer_type", json!("INSTANCE")),
    ];
    let shown = more.into_iter().filter(|(from, _, _)| *from <= call.version);
    body.extend(shown.map(|(_, key, value)| (key.to_owned(), value)));
    Ok(Reply::json(Value::Object(body)))
}

/// What a server takes, by class; Nova asks for none of a class that it needs none of.
pub(crate) fn taken(consumer: &Consumer) -> impl Iterator<Item = (&'static str, i64)> + use<> {
    let all = [(VCPU, consumer.vcpus), (MEMORY_MB, consumer.ram_mb), (DISK_GB, consumer.disk_gb)];
    all.into_iter().filter(|(_, amount)| *amount > 0)
}

fn resources(consumer: &Consumer) -> Value {
    let own = taken(consumer).map(|(class, amount)| (class.to_owned(), json!(amount)));
    Value::Object(own.collect())
}
