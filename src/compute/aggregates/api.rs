//! `/os-aggregates`: calls become logic, rows become answers.

use std::collections::BTreeMap;

use kit::clock::Time;
use kit::error::Result;
use kit::http::{Call, Cx, Reply, View};
use kit::ids::{AggregateId, ImageId};
use kit::policy::Target;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::model::{Aggregate, Changes, ZONE};
use super::{image_cache, logic, store, view};

/// `GET /os-aggregates`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let aggregates = call.platform.store.read(store::list).await?;
    let cx = Cx::new(&call);
    let rows: Vec<Value> = aggregates.iter().map(|row| view::DETAIL.render(row, &cx)).collect();
    Ok(Reply::json(json!({"aggregates": rows})))
}

/// `GET /os-aggregates/{aggregate_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    call.authorize()?;
    let id = call.param("aggregate_id").to_owned();
    let aggregate = call.platform.store.read(move |db| logic::find(db, &id)).await?;
    Ok(reply(&call, &view::DETAIL, &aggregate))
}

/// `POST /os-aggregates`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize()?;
    let name = call.wrapped_text("aggregate", "name").unwrap_or_default();
    let zone = call.wrapped_text("aggregate", ZONE);
    let aggregate = new(name, zone, call.platform.clock.now());
    let aggregate = call
        .platform
        .store
        .write("aggregates:create", move |tx| logic::create(tx, aggregate))
        .await?;
    Ok(reply(&call, &view::CREATED, &aggregate))
}

/// An aggregate without hosts.
pub(crate) fn new(name: &str, zone: Option<&str>, now: Time) -> Aggregate {
    Aggregate {
        row: 0,
        id: AggregateId::random(),
        name: name.to_owned(),
        hosts: Vec::new(),
        metadata: zone.into_iter().map(|zone| (ZONE.to_owned(), zone.to_owned())).collect(),
        created_at: now,
        updated_at: None,
    }
}

/// `PUT /os-aggregates/{aggregate_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let name = call.wrapped_text("aggregate", "name").map(str::to_owned);
    let zone = call.wrapped("aggregate").get(ZONE);
    let changes: Changes =
        zone.map(|zone| (ZONE.to_owned(), zone.as_str().map(str::to_owned))).into_iter().collect();
    write(call, move |tx, now, id| logic::update(tx, now, id, name, &changes)).await
}

/// `DELETE /os-aggregates/{aggregate_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    call.authorize()?;
    let id = call.param("aggregate_id").to_owned();
    call.platform.store.write("aggregates:delete", move |tx| logic::delete(tx, &id)).await?;
    Ok(Reply::empty())
}

/// `POST /os-aggregates/{aggregate_id}/images`, since 2.81.
pub(crate) async fn images(call: Call) -> Result<Reply> {
    call.authorize_on(&Target::none())?;
    let asked = image_cache::Asked::new(&call)?;
    let id = call.param("aggregate_id").to_owned();
    let images = call.wrapped("cache").as_array().into_iter().flatten();
    let images: Vec<ImageId> =
        images.filter_map(|image| image.get("id")?.as_str()).map(ImageId::from).collect();
    let write = move |db: &Connection| image_cache::cache(db, &asked, &id, &images);
    call.platform.store.write("aggregates:images", write).await?;
    Ok(Reply::empty())
}

/// `POST /os-aggregates/{aggregate_id}/action`, `add_host`.
pub(crate) async fn add_host(call: Call) -> Result<Reply> {
    let host = call.wrapped_text("add_host", "host").unwrap_or_default().to_owned();
    write(call, move |tx, _, id| logic::add_host(tx, id, &host)).await
}

/// `POST /os-aggregates/{aggregate_id}/action`, `remove_host`.
pub(crate) async fn remove_host(call: Call) -> Result<Reply> {
    let host = call.wrapped_text("remove_host", "host").unwrap_or_default().to_owned();
    write(call, move |tx, _, id| logic::remove_host(tx, id, &host)).await
}

/// `POST /os-aggregates/{aggregate_id}/action`, `set_metadata`. A key without a value goes.
pub(crate) async fn set_metadata(call: Call) -> Result<Reply> {
    let metadata = call.wrapped("set_metadata").get("metadata").and_then(Value::as_object);
    let changes: Changes = metadata
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.clone(), value.as_str().map(str::to_owned)))
        .collect::<BTreeMap<_, _>>();
    write(call, move |tx, now, id| logic::set_metadata(tx, now, id, &changes)).await
}

/// Changes the aggregate of the path and shows it.
async fn write<F>(call: Call, change: F) -> Result<Reply>
where
    F: FnOnce(&Connection, Time, &str) -> Result<Aggregate> + Send + 'static,
{
    call.authorize()?;
    let (id, now) = (call.param("aggregate_id").to_owned(), call.platform.clock.now());
    let run = move |tx: &_| change(tx, now, &id);
    let aggregate = call.platform.store.write(call.operation.name, run).await?;
    Ok(reply(&call, &view::DETAIL, &aggregate))
}

fn reply(call: &Call, view: &View<Aggregate>, aggregate: &Aggregate) -> Reply {
    Reply::json(json!({"aggregate": view.render(aggregate, &Cx::new(call))}))
}
