//! `/servers`: calls become logic, rows become answers.

use kit::error::{Error, Result};
use kit::http::{Call, Cx, Page, Reply};
use kit::ids::ServerId;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::disk_config;
use super::filters::{self, Condition, Query};
use super::logic::{Asked, Change, Update};
use super::model::Server;
use super::request::{self, canonical_address};
use super::view::{self, Shown};
use super::{create, logic, soft_delete, store};
use crate::server_groups;

/// `GET /servers`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let page = list(&call, false, |_, servers| Ok(servers)).await?;
    let cx = Cx::new(&call);
    let rows = page.iter().map(|server| view::SUMMARY.render(server, &cx)).collect();
    listed(&call, "/servers", rows, page.last())
}

/// `GET /servers/detail`.
pub(crate) async fn detail(call: Call) -> Result<Reply> {
    let page = list(&call, true, complete).await?;
    let cx = Cx::new(&call);
    let rows = page.iter().map(|row| view::detail(row, &cx)).collect();
    listed(&call, "/servers/detail", rows, page.last().map(|row| &row.server))
}

/// Reads a page, and what belongs to its servers, in one snapshot.
async fn list<T: Send + 'static>(
    call: &Call,
    detail: bool,
    finish: fn(&Connection, Vec<Server>) -> Result<Vec<T>>,
) -> Result<Vec<T>> {
    call.authorize()?;
    let Some(query) = filters::read(call, detail)? else { return Ok(Vec::new()) };
    let unknown = Error::bad_request(format!(
        "marker [{}] not found",
        query.marker.clone().unwrap_or_default()
    ));
    let read = move |db: &Connection| match page_of(db, query)? {
        Some(servers) => Ok(Some(finish(db, servers)?)),
        None => Ok(None),
    };
    call.platform.store.read(read).await?.ok_or(unknown)
}

fn page_of(connection: &Connection, mut query: Query) -> Result<Option<Vec<Server>>> {
    if !query.addresses.is_empty() {
        let ids = network::facade::servers_with_address(connection, &query.addresses)?;
        let ids = ids.into_iter().map(|id| id.to_string()).collect();
        query.conditions.push(Condition::OneOf("uuid", ids));
    }
    store::list(connection, &query)
}

fn listed(call: &Call, path: &str, rows: Vec<Value>, last: Option<&Server>) -> Result<Reply> {
    let page = Page::from(call, call.platform.settings.compute.max_limit)?;
    let next = page.next(call, path, rows.len(), last.map(|server| server.id.as_str()));
    let mut body = Map::from_iter([("servers".to_owned(), Value::Array(rows))]);
    if let Some(next) = next {
        body.insert("servers_links".to_owned(), json!([{"rel": "next", "href": next}]));
    }
    Ok(Reply::json(Value::Object(body)))
}

/// What belongs to a page of servers, in as many queries as for one server.
fn complete(connection: &Connection, servers: Vec<Server>) -> Result<Vec<Shown>> {
    let ids: Vec<ServerId> = servers.iter().map(|server| server.id.clone()).collect();
    let failed: Vec<&ServerId> =
        servers.iter().filter(|server| server.may_have_fault()).map(|server| &server.id).collect();
    let mut faults: Vec<_> =
        if failed.is_empty() { Vec::new() } else { store::latest_faults(connection, &failed)? };
    let mut nics = network::facade::nics_of_many(connection, &ids)?;
    let mut groups = network::facade::security_groups_of_many(connection, &ids)?;
    let shown = servers.into_iter().map(|server| {
        let fault = faults.iter().position(|(id, _)| *id == server.id);
        Shown {
            nics: nics.remove(&server.id).unwrap_or_default(),
            security_groups: groups.remove(&server.id).unwrap_or_default(),
            server_groups: Vec::new(),
            fault: fault.map(|index| faults.swap_remove(index).1),
            server,
        }
    });
    Ok(shown.collect())
}

/// One server with all that belongs to it.
pub(crate) fn complete_one(connection: &Connection, server: Server) -> Result<Shown> {
    let id = server.id.clone();
    let group = server_groups::store::group_of(connection, &id)?;
    let row = complete(connection, vec![server])?.pop();
    let row = row.ok_or_else(|| logic::not_found(id.as_str()))?;
    Ok(Shown { server_groups: group.iter().map(ToString::to_string).collect(), ..row })
}

/// `GET /servers/{server_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let read = move |db: &Connection| complete_one(db, asked.open(db)?);
    let row = call.platform.store.read(read).await?;
    Ok(Reply::json(json!({"server": view::show(&row, &Cx::new(&call))})))
}

/// `POST /servers`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let wanted = request::read(&call)?;
    let password = wanted.admin_password.clone();
    let wants_reservation = wanted.wants_reservation;
    let (platform, caller) = (std::sync::Arc::clone(&call.platform), call.caller()?.clone());
    let (request_id, now) = (call.request_id.clone(), call.platform.clock.now());
    let write = move |db: &Connection| {
        let origin =
            create::Origin { platform: &platform, caller: &caller, request_id: &request_id, now };
        create::create(&origin, db, &wanted)
    };
    let servers = call.platform.store.write("servers:create", write).await?;
    let first = servers.first().ok_or_else(|| Error::internal("no server was made"))?;
    if wants_reservation {
        return Ok(Reply::json(json!({"reservation_id": first.reservation_id})));
    }
    let named = call.wrapped("server").get("security_groups").cloned();
    let groups = named.unwrap_or_else(|| json!([{"name": "default"}]));
    let body = view::created(first, &groups, password.expose(), &Cx::new(&call));
    let location = call.links.path(&format!("/servers/{}", first.id));
    Ok(Reply::json(body).header("Location", location))
}

/// `PUT /servers/{server_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let update = read_update(call.wrapped("server"));
    let write = move |db: &Connection| {
        let server = logic::update(&asked, db, update)?;
        complete_one(db, server)
    };
    let row = call.platform.store.write("servers:update", write).await?;
    Ok(Reply::json(json!({"server": view::updated(&row, &Cx::new(&call))})))
}

fn read_update(body: &Value) -> Update {
    let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    let address = |key: &str| match text(key) {
        None => Change::Keep,
        Some(address) => Change::To(Some(canonical_address(address))),
    };
    Update {
        name: text("name").map(|name| name.trim().to_owned()),
        hostname: text("hostname"),
        auto_disk_config: disk_config::asked(body),
        description: Change::of(body, "description"),
        access_ipv4: address("accessIPv4"),
        access_ipv6: address("accessIPv6"),
        pinned_zone: Change::of(body, "pinned_availability_zone"),
    }
}

/// `DELETE /servers/{server_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let write = move |db: &Connection| soft_delete::delete_as_set(&asked, db);
    call.platform.store.write("servers:delete", write).await?;
    Ok(Reply::empty())
}
