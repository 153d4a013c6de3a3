//! `/stacks`: calls become logic, rows become answers.

use std::sync::Arc;

use kit::error::{Error, Result};
use kit::http::{Call, Cx, Reply, query_string};
use kit::policy::Target;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::blueprint::Blueprint;
use super::lookup::{Asked, Rights};
use super::model::{Listed, Stack};
use super::reach::Reach;
use super::view::{self, Shown};
use super::{filters, logic, request, store};
use crate::engine::Hand;
use crate::policy;
use crate::stack_outputs::logic as outputs;
use crate::view::{accepted, url};

/// `GET /stacks` and `GET /stacks/detail`, which Heat answers alike.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    if filters::flag(&call, "global_tenant")? {
        let own = Target::own(call.caller()?);
        call.platform.policy.authorize(&policy::STACKS_GLOBAL_INDEX, call.caller()?, &own)?;
    }
    let (query, reach) = (filters::query(&call)?, Reach::of(&call)?);
    let counts = filters::flag(&call, "with_count")?;
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
    let full = filters::limit(&call)?.is_some_and(|limit| usize::try_from(limit) == Ok(page.len()));
    if let (true, Some(last)) = (full, page.last()) {
        body.insert("links".to_owned(), json!([{"rel": "next", "href": next(&call, last)}]));
    }
    if let Some(count) = count {
        body.insert("count".to_owned(), json!(count));
    }
    Ok(Reply::json(Value::Object(body)))
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
