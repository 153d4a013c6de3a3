//! `/os-migrations` and `/servers/{server_id}/migrations`.

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::http::{Call, Cx, Page, Reply, since};
use kit::policy::Target;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::model::Query;
use super::{logic, store, view};
use crate::loose;
use crate::microversions::{CHANGES_BEFORE, MIGRATION_PAGES};
use crate::policy;
use crate::servers::logic::Asked;
use crate::servers::states::{self, Action};

/// `GET /os-migrations`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    authorize(&call)?;
    let paged = since(MIGRATION_PAGES).contains(call.version);
    let page = Page::from(&call, call.platform.settings.compute.max_limit)?;
    let query = query(&call, &page)?;
    if call.query("hidden").and_then(loose::boolean) == Some(true) {
        return Ok(Reply::json(json!({"migrations": []})));
    }
    let marker = query.marker.clone().unwrap_or_default();
    let found = call.platform.store.read(move |db| store::list(db, &query)).await?;
    let migrations =
        found.ok_or_else(|| Error::bad_request(format!("Marker {marker} could not be found.")))?;
    let cx = Cx::new(&call);
    let last = migrations.last().map(|migration| migration.id.to_string());
    let rows: Vec<Value> = migrations.iter().map(|row| view::DETAIL.render(row, &cx)).collect();
    let next = page.next(&call, "/os-migrations", rows.len(), last.as_deref());
    let mut body = Map::from_iter([("migrations".to_owned(), Value::Array(rows))]);
    if let Some(next) = next.filter(|_| paged) {
        body.insert("migrations_links".to_owned(), json!([{"rel": "next", "href": next}]));
    }
    Ok(Reply::json(Value::Object(body)))
}

/// Who does not ask for his own project asks for all of them.
fn authorize(call: &Call) -> Result<()> {
    call.authorize()?;
    let caller = call.caller()?;
    let own = caller.project().map(kit::ids::ProjectId::as_str);
    let asked = call.query("project_id").filter(|project| !project.is_empty());
    if asked.is_none() || asked != own {
        let rule = &policy::MIGRATIONS_INDEX_ALL;
        call.platform.policy.authorize(rule, caller, &Target::own(caller))?;
    }
    Ok(())
}

/// Pages and times came later; before, they were ignored.
fn query(call: &Call, page: &Page) -> Result<Query> {
    let text = |key: &str| call.query(key).filter(|text| !text.is_empty()).map(str::to_owned);
    let time = |key: &str, from| {
        call.query(key).filter(|_| since(from).contains(call.version)).and_then(Time::parse)
    };
    let paged = since(MIGRATION_PAGES).contains(call.version);
    let changes_since = time("changes-since", MIGRATION_PAGES);
    let changes_before = time("changes-before", CHANGES_BEFORE);
    if let (Some(since), Some(before)) = (changes_since, changes_before)
        && before < since
    {
        return Err(Error::bad_request(
            "The value of changes-since must be less than or equal to changes-before.",
        ));
    }
    Ok(Query {
        server: text("instance_uuid"),
        status: text("status"),
        kind: text("migration_type"),
        source: text("source_compute"),
        host: text("host"),
        user: text("user_id"),
        project: text("project_id"),
        changes_since,
        changes_before,
        newest_first: paged,
        limit: if paged { page.limit } else { call.platform.settings.compute.max_limit },
        marker: page.marker.clone().filter(|_| paged),
    })
}

/// `GET /servers/{server_id}/migrations`: what is under way, and nothing is.
pub(crate) async fn index_of_server(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    call.platform.store.read(move |db| asked.open(db).map(drop)).await?;
    Ok(Reply::json(json!({"migrations": []})))
}

/// `GET /servers/{server_id}/migrations/{migration_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let wanted = call.param("migration_id").to_owned();
    let read = move |db: &Connection| {
        let server = asked.open(db)?;
        logic::not_shown(db, &server, &wanted)
    };
    Err(call.platform.store.read(read).await?)
}

/// `POST /servers/{server_id}/migrations/{migration_id}/action` (`force_complete`).
pub(crate) async fn force_complete(call: Call) -> Result<Reply> {
    check(call, &states::FORCE_COMPLETE).await
}

/// `DELETE /servers/{server_id}/migrations/{migration_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    check(call, &states::ABORT_MIGRATION).await
}

/// No server is ever being migrated, so its state refuses what is to be done to that.
async fn check(call: Call, action: &'static Action) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    call.platform.store.read(move |db| asked.open_for(db, action).map(drop)).await?;
    Ok(Reply::empty())
}
