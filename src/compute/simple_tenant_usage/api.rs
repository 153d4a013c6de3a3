//! `/os-simple-tenant-usage`: rows become answers.

use kit::error::{Error, Result};
use kit::http::{Call, Page, Reply};
use kit::ids::{ProjectId, ServerId};
use kit::policy::Target;
use serde_json::{Map, Value, json};

use super::model::{Query, Run, Window};
use super::{logic, store, view};
use crate::microversions::USAGE_PAGES;

/// `GET /os-simple-tenant-usage`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let (window, page) = (window(&call)?, page(&call)?);
    let runs = runs(&call, None, window, &page).await?;
    let next = next(&call, &page, "/os-simple-tenant-usage", &runs);
    let detailed = call.query("detailed") == Some("1");
    let now = call.platform.clock.now();
    let usages: Vec<Value> = logic::by_project(runs)
        .iter()
        .map(|usage| view::usage(usage, window, now, detailed))
        .collect();
    Ok(reply("tenant_usages", json!(usages), next))
}

/// `GET /os-simple-tenant-usage/{project_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let project = ProjectId::from(call.param("project_id"));
    call.authorize_on(&Target::project(&project))?;
    let (window, page) = (window(&call)?, page(&call)?);
    let path = format!("/os-simple-tenant-usage/{project}");
    let runs = runs(&call, Some(project), window, &page).await?;
    let next = next(&call, &page, &path, &runs);
    let now = call.platform.clock.now();
    // Nova: nothing at all for a project without servers.
    let usage = logic::by_project(runs)
        .first()
        .map_or_else(|| json!({}), |usage| view::usage(usage, window, now, true));
    Ok(reply("tenant_usage", usage, next))
}

fn window(call: &Call) -> Result<Window> {
    let given = |name: &str| call.query(name).filter(|text| !text.is_empty());
    logic::window(given("start"), given("end"), call.platform.clock.now())
}

/// Older versions have one page.
fn page(call: &Call) -> Result<Page> {
    let max = call.platform.settings.compute.max_limit;
    if call.version >= USAGE_PAGES {
        return Page::from(call, max);
    }
    Ok(Page { limit: max, marker: None })
}

async fn runs(
    call: &Call,
    project: Option<ProjectId>,
    window: Window,
    page: &Page,
) -> Result<Vec<Run>> {
    let marker = page.marker.clone();
    let unknown = format!("Marker {} could not be found.", marker.clone().unwrap_or_default());
    let query = Query { project, window, limit: page.limit, marker: marker.map(ServerId::from) };
    let runs = call.platform.store.read(move |db| store::list(db, &query)).await?;
    runs.ok_or_else(|| Error::bad_request(unknown))
}

fn next(call: &Call, page: &Page, path: &str, runs: &[Run]) -> Option<String> {
    let last = runs.last().map(|run| run.server.as_str());
    page.next(call, path, runs.len(), last).filter(|_| call.version >= USAGE_PAGES)
}

fn reply(key: &str, value: Value, next: Option<String>) -> Reply {
    let mut body = Map::from_iter([(key.to_owned(), value)]);
    if let Some(next) = next {
        body.insert(format!("{key}_links"), json!([{"rel": "next", "href": next}]));
    }
    Reply::json(Value::Object(body))
}
