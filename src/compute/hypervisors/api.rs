//! `/os-hypervisors`: rows become answers.

use kit::error::{Error, Result};
use kit::http::{Call, Cx, Page, Reply};
use serde_json::{Map, Value, json};

use super::logic::{self, Naming};
use super::view;
use crate::hosts::model::{Guest, Hypervisor};
use crate::hosts::{logic as hosts, store};
use crate::loose;
use crate::microversions::{HYPERVISOR_PAGES, SERVICE_UUID, STRICT_PARAMETERS};

/// How much of a hypervisor is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Summary,
    Detail,
}

/// `GET /os-hypervisors`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    list(call, Depth::Summary, "/os-hypervisors").await
}

/// `GET /os-hypervisors/detail`.
pub(crate) async fn detail(call: Call) -> Result<Reply> {
    list(call, Depth::Detail, "/os-hypervisors/detail").await
}

/// `GET /os-hypervisors/{hypervisor_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let hypervisor = find(&call).await?;
    let with_servers = with_servers(&call);
    let shown = render(&call, vec![hypervisor], Depth::Detail, with_servers).await?;
    Ok(Reply::json(json!({"hypervisor": shown.first()})))
}

/// `GET /os-hypervisors/statistics`.
pub(crate) async fn statistics(call: Call) -> Result<Reply> {
    let all = all(&call).await?;
    Ok(Reply::json(json!({"hypervisor_statistics": view::statistics(&all)})))
}

/// `GET /os-hypervisors/{hypervisor_id}/uptime`: what Nova says where the driver does not tell.
pub(crate) async fn uptime(call: Call) -> Result<Reply> {
    find(&call).await?;
    Err(Error::not_implemented("The requested functionality is not supported."))
}

/// `GET /os-hypervisors/{pattern}/search`.
pub(crate) async fn search(call: Call) -> Result<Reply> {
    let found = logic::search(all(&call).await?, call.param("hypervisor_id"))?;
    let rows = render(&call, found, Depth::Summary, false).await?;
    Ok(Reply::json(json!({"hypervisors": rows})))
}

/// `GET /os-hypervisors/{pattern}/servers`.
pub(crate) async fn servers(call: Call) -> Result<Reply> {
    let found = logic::search(all(&call).await?, call.param("hypervisor_id"))?;
    let rows = render(&call, found, Depth::Summary, true).await?;
    Ok(Reply::json(json!({"hypervisors": rows})))
}

async fn list(call: Call, depth: Depth, path: &str) -> Result<Reply> {
    let all = all(&call).await?;
    let page = page(&call)?;
    let pattern =
        call.query("hypervisor_hostname_pattern").filter(|_| call.version >= SERVICE_UUID);
    let shown = match pattern {
        Some(_) if call.query("limit").is_some() || page.marker.is_some() => {
            return Err(Error::bad_request(
                "Paging over hypervisors with the hypervisor_hostname_pattern query parameter is \
                 not supported.",
            ));
        }
        Some(pattern) => logic::search(all, pattern)?,
        None => logic::page(all, naming(&call), page.marker.as_deref(), page.limit)?,
    };
    let last = shown.last().map(|hypervisor| naming(&call).of(hypervisor));
    let rows = render(&call, shown, depth, with_servers(&call)).await?;
    let next = page.next(&call, path, rows.len(), last.as_deref());
    let mut body = Map::from_iter([("hypervisors".to_owned(), Value::Array(rows))]);
    if let Some(next) = next.filter(|_| pattern.is_none()) {
        body.insert("hypervisors_links".to_owned(), json!([{"rel": "next", "href": next}]));
    }
    Ok(Reply::json(Value::Object(body)))
}

async fn all(call: &Call) -> Result<Vec<Hypervisor>> {
    call.authorize()?;
    call.platform.store.read(hosts::hypervisors).await
}

async fn find(call: &Call) -> Result<Hypervisor> {
    logic::find(all(call).await?, naming(call), call.param("hypervisor_id"))
}

fn naming(call: &Call) -> Naming {
    if call.version >= SERVICE_UUID { Naming::Uuid } else { Naming::Number }
}

/// Older versions list everything.
fn page(call: &Call) -> Result<Page> {
    if call.version >= HYPERVISOR_PAGES {
        return Page::from(call, call.platform.settings.compute.max_limit);
    }
    Ok(Page { limit: i64::MAX, marker: None })
}

fn with_servers(call: &Call) -> bool {
    let asked = call.query("with_servers").and_then(loose::boolean);
    call.version >= SERVICE_UUID && asked.unwrap_or(false)
}

async fn render(
    call: &Call,
    shown: Vec<Hypervisor>,
    depth: Depth,
    with_servers: bool,
) -> Result<Vec<Value>> {
    let mut guests: Vec<Vec<Guest>> = Vec::new();
    if with_servers {
        let names: Vec<String> = shown.iter().map(|row| row.host.name.clone()).collect();
        let read = move |db: &_| names.iter().map(|name| store::guests(db, name)).collect();
        guests = call.platform.store.read(read).await?;
    }
    let cx = Cx::new(call);
    let guests = guests.iter().map(Some).chain(std::iter::repeat(None));
    let rows = shown.iter().zip(guests);
    Ok(rows.map(|(hypervisor, guests)| row(hypervisor, guests, depth, &cx)).collect())
}

fn row(hypervisor: &Hypervisor, guests: Option<&Vec<Guest>>, depth: Depth, cx: &Cx<'_>) -> Value {
    let mut fields = Map::new();
    let detail = (depth == Depth::Detail).then(|| view::DETAIL.render(hypervisor, cx));
    for part in std::iter::once(view::SUMMARY.render(hypervisor, cx)).chain(detail) {
        fields.extend(part.as_object().cloned().unwrap_or_default());
    }
    // Nova: no server was no key until 2.75.
    let is_visible = |own: &&Vec<Guest>| !own.is_empty() || cx.version >= STRICT_PARAMETERS;
    if let Some(own) = guests.filter(is_visible) {
        fields.insert("servers".to_owned(), view::guests(own));
    }
    Value::Object(fields)
}
