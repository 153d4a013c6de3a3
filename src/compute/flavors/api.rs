//! `/flavors`: calls become logic, rows become answers.

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::http::{Call, Cx, Page, Reply, View};
use kit::ids::{FlavorId, ProjectId};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::model::{ExtraSpecs, Flavor, Query};
use super::{logic, store, view};
use crate::loose;
use crate::policy;

/// `GET /flavors`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    list(call, &view::SUMMARY, "/flavors").await
}

/// `GET /flavors/detail`.
pub(crate) async fn detail(call: Call) -> Result<Reply> {
    list(call, &view::DETAIL, "/flavors/detail").await
}

/// `GET /flavors/{flavor_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let flavor = find(&call).await?;
    Ok(reply(&call, &flavor))
}

/// `POST /flavors`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize()?;
    let flavor = from_body(call.wrapped("flavor"), call.platform.clock.now())?;
    let written = flavor.clone();
    let write = move |tx: &Connection| logic::create(tx, &written);
    call.platform.store.write("flavors:create", write).await?;
    Ok(reply(&call, &flavor))
}

/// `PUT /flavors/{flavor_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    call.authorize()?;
    let id = FlavorId::from(call.param("flavor_id"));
    let description = call.wrapped_text("flavor", "description");
    let (description, now) = (description.map(str::to_owned), call.platform.clock.now());
    let flavor = call
        .platform
        .store
        .write("flavors:update", move |tx| logic::update(tx, &id, description.as_deref(), now))
        .await?;
    Ok(reply(&call, &flavor))
}

/// `DELETE /flavors/{flavor_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    call.authorize()?;
    let id = FlavorId::from(call.param("flavor_id"));
    call.platform.store.write("flavors:delete", move |tx| logic::delete(tx, &id)).await?;
    Ok(Reply::empty())
}

/// The flavor of the path, if the caller's project sees it, opened with the operation's rule.
pub(crate) async fn find(call: &Call) -> Result<Flavor> {
    let id = FlavorId::from(call.param("flavor_id"));
    let visible_to = policy::visible_to(&call.platform.policy, call.caller()?);
    let wanted = id.clone();
    let read = move |db: &Connection| store::get(db, &wanted, visible_to.as_ref());
    let found = call.platform.store.read(read).await?;
    call.open(found.ok_or_else(|| logic::not_found(&id))?)
}

fn reply(call: &Call, flavor: &Flavor) -> Reply {
    Reply::json(json!({"flavor": view::DETAIL.render(flavor, &Cx::new(call))}))
}

async fn list(call: Call, shown: &'static View<Flavor>, path: &str) -> Result<Reply> {
    let page = Page::from(&call, call.platform.settings.compute.max_limit)?;
    let query = query(&call, &page)?;
    let unknown = Error::bad_request(format!(
        "marker [{}] not found",
        page.marker.clone().unwrap_or_default()
    ));
    let flavors =
        call.platform.store.read(move |db| store::list(db, &query)).await?.ok_or(unknown)?;
    let cx = Cx::new(&call);
    let rows: Vec<Value> = flavors.iter().map(|flavor| shown.render(flavor, &cx)).collect();
    let mut body = Map::from_iter([("flavors".to_owned(), Value::Array(rows))]);
    let last = flavors.last().map(|flavor| flavor.id.as_str());
    if let Some(next) = page.next(&call, path, flavors.len(), last) {
        body.insert("flavors_links".to_owned(), json!([{"rel": "next", "href": next}]));
    }
    Ok(Reply::json(Value::Object(body)))
}

/// Nova: `flavors.py::_get_flavors`. Only administrators see beyond what they may use.
fn query(call: &Call, page: &Page) -> Result<Query> {
    let admin = policy::is_admin(call);
    let is_public = match call.query("is_public").filter(|_| admin) {
        None => Some(true),
        Some(text) if text.eq_ignore_ascii_case("none") => None,
        Some(text) => Some(
            loose::boolean(text)
                .ok_or_else(|| Error::bad_request(format!("Invalid is_public filter [{text}]")))?,
        ),
    };
    let number = |name: &str| match call.query(name) {
        None => Ok(0),
        Some(text) => text
            .parse::<i64>()
            .map_err(|_| Error::bad_request(format!("Invalid {name} filter [{text}]"))),
    };
    let own = call.caller()?.project().cloned().unwrap_or_else(|| ProjectId::from(""));
    Ok(Query {
        min_ram_mb: number("minRam")?,
        min_disk_gb: number("minDisk")?,
        name: call.query("name").map(str::to_owned),
        // With the public ones, everybody sees the private ones of the own project.
        is_public: is_public.filter(|public| !public),
        visible_to: (is_public == Some(true)).then_some(own),
        sort_key: call.query("sort_key").unwrap_or("flavorid").to_owned(),
        descending: call.query("sort_dir") == Some("desc"),
        limit: page.limit,
        marker: page.marker.clone(),
    })
}

/// The flavor of a body's `flavor`.
pub(crate) fn from_body(body: &Value, now: Time) -> Result<Flavor> {
    let number = |key: &str| body.get(key).map_or(Ok(0), |value| loose::integer(key, value));
    let id = match body.get("id").map(loose::text) {
        None => FlavorId::random(),
        Some(id) if id == "auto" || id == "null" => FlavorId::random(),
        Some(id) => FlavorId::from(id),
    };
    let rxtx = body.get("rxtx_factor").map(loose::text).and_then(|text| text.parse().ok());
    Ok(Flavor {
        id,
        name: body.get("name").and_then(Value::as_str).unwrap_or_default().trim().to_owned(),
        description: body.get("description").and_then(Value::as_str).map(str::to_owned),
        vcpus: number("vcpus")?,
        ram_mb: number("ram")?,
        disk_gb: number("disk")?,
        ephemeral_gb: number("OS-FLV-EXT-DATA:ephemeral")?,
        swap_mb: number("swap")?,
        rxtx_factor: rxtx.unwrap_or(1.0),
        is_public: body
            .get("os-flavor-access:is_public")
            .and_then(|value| loose::boolean(&loose::text(value)))
            .unwrap_or(true),
        disabled: false,
        extra_specs: ExtraSpecs::new(),
        created_at: now,
        updated_at: None,
    })
}
