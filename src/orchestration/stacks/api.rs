//! `/stacks`: calls become logic, rows become answers.

use std::sync::Arc;

use kit::error::{Error, Result};
use kit::http::{Call, Cx, Reply, query_string};
use kit::policy::Target;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::blueprint::Blueprint;
use super::lookup::{Asked, Rights};
use super::model::{Listed, Query, Stack, TagFilter};
use super::reach::Reach;
use super::view::{self, Shown};
use super::{logic, request, store};
use crate::engine::Hand;
use crate::policy;
use crate::stack_outputs::logic as outputs;
use crate::view::{accepted, url};

/// The most stacks of a page.
const MAX_LIMIT: i64 = 1000;

/// Filters of lists and their columns.
static FILTERS: &[(&str, &str)] =
    &[("id", "id"), ("name", "name"), ("status", "status"), ("action", "action"), OWNER];
/// Asks for what is nested in a stack; without `show_nested` that is nothing.
const OWNER: (&str, &str) = ("owner_id", "parent_id");

/// Sort keys of lists and their columns; others are ignored.
static SORT_KEYS: &[(&str, &str)] = &[
    ("name", "name"),
    ("stack_name", "name"),
    ("status", "status"),
    ("stack_status", "status"),
    ("created_at", "created_at"),
    ("creation_time", "created_at"),
    ("updated_at", UPDATED),
    ("updated_time", UPDATED),
];

/// What never changed comes before what did; a marker compares it, so it cannot be null.
const UPDATED: &str = "coalesce(updated_at, 0)";

/// `GET /stacks` and `GET /stacks/detail`, which Heat answers alike.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    if is_true(&call, "global_tenant") {
        let own = Target::own(call.caller()?);
        call.platform.policy.authorize(&policy::STACKS_GLOBAL_INDEX, call.caller()?, &own)?;
    }
    let (query, reach) = (query(&call)?, Reach::of(&call)?);
    let counts = is_true(&call, "with_count");
    let read = move |connection: &Connection| {
        let count = counts.then(|| store::count_listed(connection, &query)).transpose()?;
        Ok((store::list(connection, &query)?, count))
    };
    let (page, count) = call.platform.store.read(read).await?;
    let cx = Cx::new(&call);
    let show = |stack| match reach.only() {
        Some(_) => view::SUMMARY.render(stack, &cx),
        None => view::summary_with_project(stack, &cx),
    };
    let rows: Vec<Value> = page.iter().map(show).collect();
    let mut body = Map::from_iter([("stacks".to_owned(), Value::Array(rows))]);
    let full = limit(&call)?.is_some_and(|limit| usize::try_from(limit) == Ok(page.len()));
    if let (true, Some(last)) = (full, page.last()) {
        body.insert("links".to_owned(), json!([{"rel": "next", "href": next(&call, last)}]));
    }
    if let Some(count) = count {
        body.insert("count".to_owned(), json!(count));
    }
    Ok(Reply::json(Value::Object(body)))
}

fn is_true(call: &Call, name: &str) -> bool {
    call.query(name).is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

fn query(call: &Call) -> Result<Query> {
    let filters = FILTERS.iter().filter_map(|(name, column)| {
        let accepted: Vec<String> = call.query_all(name).map(str::to_owned).collect();
        (!accepted.is_empty()).then_some((*column, accepted))
    });
    let list = |name: &str| -> Vec<String> {
        let text = call.query(name).unwrap_or_default();
        text.split(',').filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
    };
    let column = |key: &str| SORT_KEYS.iter().find(|(name, _)| *name == key).map(|row| row.1);
    let sort: Vec<_> = list("sort_keys").iter().filter_map(|key| column(key)).collect();
    let newest_first = sort.is_empty() && call.query("sort_dir").is_none();
    Ok(Query {
        project: Reach::of(call)?.only().cloned(),
        filters: filters.collect(),
        tags: TagFilter {
            all: list("tags"),
            any: list("tags_any"),
            not_all: list("not_tags"),
            not_any: list("not_tags_any"),
        },
        show_deleted: is_true(call, "show_deleted"),
        show_nested: is_true(call, "show_nested"),
        sort,
        descending: newest_first || call.query("sort_dir") == Some("desc"),
        limit: limit(call)?.unwrap_or(MAX_LIMIT),
        marker: call.query("marker").map(str::to_owned),
    })
}

/// Heat's reading of `limit`, of stacks and of events.
pub(crate) fn limit(call: &Call) -> Result<Option<i64>> {
    let Some(text) = call.query("limit") else { return Ok(None) };
    let limit = text.parse::<i64>().ok().filter(|limit| *limit >= 0);
    limit.map(Some).ok_or_else(|| {
        Error::bad_request(format!(
            "Value '{text}' is invalid for 'limit' which only accepts non-negative integer."
        ))
    })
}

fn next(call: &Call, last: &Listed) -> String {
    let kept = call.query.iter().filter(|(key, _)| key != "marker");
    let kept = kept.map(|(key, value)| (key.as_str(), value.as_str()));
    let query = query_string(kept.chain([("marker", last.id.as_str())]));
    format!("{}?{query}", call.links.path("/stacks"))
}

/// `POST /stacks`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize()?;
    let new = request::new_stack(&call.body)?;
    let (platform, caller) = (Arc::clone(&call.platform), call.caller()?.clone());
    let request_id = call.request_id.clone();
    let write = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        logic::create(hand, &caller, &request_id, new)
    };
    let stack = call.platform.store.write("stacks:create", write).await?;
    let location = url(&call, &stack.path());
    Ok(Reply::json(view::created(&stack, &Cx::new(&call))).header("Location", location))
}

/// `GET /stacks/{stack_name}/{stack_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let with_outputs =
        !call.query("resolve_outputs").is_some_and(|text| text.eq_ignore_ascii_case("false"));
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let platform = Arc::clone(&call.platform);
    let read = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        shown(hand, asked.open(connection, &rights)?, with_outputs)
    };
    let shown = call.platform.store.read(read).await?;
    Ok(Reply::json(json!({"stack": view::detail(&shown, &Cx::new(&call))})))
}

fn shown(hand: Hand<'_>, stack: Stack, with_outputs: bool) -> Result<Shown> {
    let blueprint = Blueprint::of(&stack)?;
    let living = stack.deleted_at.is_none();
    let outputs = (with_outputs && living).then(|| outputs::all(hand, &stack, &blueprint));
    Ok(Shown {
        description: blueprint.template.description(),
        outputs,
        parameters: blueprint.parameters(),
        stack,
    })
}

/// `PUT /stacks/{stack_name}/{stack_id}`: everything is as this says.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    change(&call, false).await
}

/// `PATCH /stacks/{stack_name}/{stack_id}`: what this does not name stays.
pub(crate) async fn patch(call: Call) -> Result<Reply> {
    change(&call, true).await
}

async fn change(call: &Call, keep: bool) -> Result<Reply> {
    let (asked, rights) = (Asked::of(call)?, Rights::of(call)?);
    let (platform, caller) = (Arc::clone(&call.platform), call.caller()?.clone());
    let (request_id, body) = (call.request_id.clone(), call.body.clone());
    let write = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        let stack = asked.open_living(connection, &rights)?;
        let change = request::change(&body, &stack, keep)?;
        logic::update(hand, &caller, &request_id, stack, change)
    };
    call.platform.store.write("stacks:update", write).await?;
    Ok(Reply::json(accepted()))
}

/// `POST /stacks/{stack_name}/{stack_id}/actions`.
pub(crate) async fn action(call: Call) -> Result<Reply> {
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let words: Vec<String> =
        call.body.as_object().into_iter().flat_map(Map::keys).cloned().collect();
    let word = match words.as_slice() {
        [word] => word.clone(),
        [] => return Err(Error::bad_request("No action specified")),
        _ => return Err(Error::bad_request("Multiple actions specified")),
    };
    let (platform, request_id) = (Arc::clone(&call.platform), call.request_id.clone());
    let write = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        let stack = asked.open_living(connection, &rights)?;
        rights.check_types(&stack)?;
        logic::act(hand, &request_id, stack, &word)
    };
    call.platform.store.write("stacks:action", write).await?;
    Ok(Reply::json(Value::Null))
}

/// `DELETE /stacks/{stack_name}/{stack_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let platform = Arc::clone(&call.platform);
    let request_id = call.request_id.clone();
    let write = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        let mut stack = asked.open_living(connection, &rights)?;
        rights.check_types(&stack)?;
        logic::delete(hand, &request_id, &mut stack)
    };
    call.platform.store.write("stacks:delete", write).await?;
    Ok(Reply::empty())
}

/// `GET /stacks/{stack_name}/{stack_id}/template`.
pub(crate) async fn template(call: Call) -> Result<Reply> {
    Ok(Reply::json(read(&call).await?.source.template.clone()))
}

/// `GET /stacks/{stack_name}/{stack_id}/environment`.
pub(crate) async fn environment(call: Call) -> Result<Reply> {
    let mut environment = read(&call).await?.source.environment.clone();
    if let Value::Object(sections) = &mut environment {
        sections.entry("encrypted_param_names").or_insert_with(|| json!([]));
    }
    Ok(Reply::json(environment))
}

/// `GET /stacks/{stack_name}/{stack_id}/files`.
pub(crate) async fn files(call: Call) -> Result<Reply> {
    Ok(Reply::json(json!(read(&call).await?.source.files)))
}

async fn read(call: &Call) -> Result<Stack> {
    let (asked, rights) = (Asked::of(call)?, Rights::of(call)?);
    call.platform.store.read(move |connection| asked.open(connection, &rights)).await
}
