//! `/stacks/{stack_name}/{stack_id}/resources`.

use std::sync::Arc;

use identity::facade::stack_of;
use kit::error::{Error, Result};
use kit::http::{Call, Cx, Reply};
use kit::secret::Secret;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::health::{self, Verdict};
use super::model::Resource;
use super::view::{self, Shown};
use super::{logic, signal, store};
use crate::engine::{Hand, scope};
use crate::resources::{Look, Plugin};
use crate::signals;
use crate::signals::proof::Purpose;
use crate::stack_diagrams;
use crate::stack_users;
use crate::stacks::blueprint::{self, Blueprint};
use crate::stacks::lookup::{Asked, Rights};
use crate::stacks::model::Stack;
use crate::stacks::tree;

/// Filters of lists and what they look at.
type Filter = (&'static str, fn(&Resource) -> String);
static FILTERS: &[Filter] = &[
    ("name", |row| row.name.clone()),
    ("type", |row| row.resource_type.clone()),
    ("action", |row| row.action.to_string()),
    ("status", |row| row.status.to_string()),
    ("physical_resource_id", |row| row.physical.clone().unwrap_or_default()),
    ("id", |row| row.number.to_string()),
];

/// `GET …/resources`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    if let Some(format) = call.query("format") {
        return stack_diagrams::api::topology(&call, format).await;
    }
    let detail = call.query("with_detail").is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let depth = nested_depth(&call)?;
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let platform = Arc::clone(&call.platform);
    let read = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        let stack = asked.open(connection, &rights)?;
        let mut all = Vec::new();
        for stack in [&stack].into_iter().chain(&tree::below(connection, &stack.id, depth)?) {
            let rows = logic::current(hand, stack)?;
            let blueprint = Blueprint::of(stack)?;
            for row in &rows {
                all.push(shown(hand, stack, &blueprint, &rows, row, detail)?);
            }
        }
        Ok(all)
    };
    let rows: Vec<Shown> = call.platform.store.read(read).await?;
    let cx = Cx::new(&call);
    let passes = |row: &&Shown| {
        FILTERS.iter().all(|(name, of)| {
            let mut accepted = call.query_all(name).peekable();
            accepted.peek().is_none() || accepted.any(|text| text == of(&row.resource))
        })
    };
    let rows: Vec<Value> = rows.iter().filter(passes).map(|row| view::render(row, &cx)).collect();
    Ok(Reply::json(json!({"resources": rows})))
}

/// How far down into nested stacks a list goes.
pub(crate) fn nested_depth(call: &Call) -> Result<usize> {
    let Some(text) = call.query("nested_depth") else { return Ok(0) };
    let depth = text
        .parse::<i64>()
        .map_err(|_| Error::bad_request("Only integer is acceptable by 'nested_depth'."))?;
    Ok(usize::try_from(depth).unwrap_or_default().min(tree::MAX_DEPTH))
}

fn shown(
    hand: Hand<'_>,
    stack: &Stack,
    blueprint: &Blueprint,
    rows: &[Resource],
    row: &Resource,
    whole: bool,
) -> Result<Shown> {
    let more = if whole { Some(details(hand, stack, blueprint, row)?) } else { None };
    Ok(Shown {
        resource: row.clone(),
        stack: stack.path(),
        nested: logic::nested(hand, row)?.map(|nested| nested.path()),
        parent: stack.parent.as_ref().map(|parent| parent.resource.clone()),
        required_by: logic::required_by(rows, &row.name),
        more,
    })
}

fn details(
    hand: Hand<'_>,
    stack: &Stack,
    blueprint: &Blueprint,
    row: &Resource,
) -> Result<(String, Map<String, Value>)> {
    let definition = blueprint.definition.resource(&row.name);
    let description = definition.map(|row| row.description.clone()).unwrap_or_default();
    let plugin = plugin(blueprint, row)?;
    let attributes = scope::all_attributes(plugin, &Look { hand, stack, resource: row });
    Ok((description, attributes))
}

fn plugin(blueprint: &Blueprint, row: &Resource) -> Result<&'static dyn Plugin> {
    let registry = &blueprint.environment.registry;
    Ok(blueprint::maker_of(registry, row)?)
}

/// `GET …/resources/{resource_name}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let wanted: Vec<String> = call.query_all("with_attr").map(str::to_owned).collect();
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let platform = Arc::clone(&call.platform);
    let name = call.param("resource_name").to_owned();
    let read = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        let stack = asked.open(connection, &rights)?;
        let rows = logic::current(hand, &stack)?;
        let row = rows.iter().find(|row| row.name == name);
        let row = row.ok_or_else(|| logic::not_found(&name, &stack))?;
        let blueprint = Blueprint::of(&stack)?;
        let mut shown = shown(hand, &stack, &blueprint, &rows, row, true)?;
        if let Some((_, attributes)) = &mut shown.more {
            let look = Look { hand, stack: &stack, resource: row };
            let plugin = plugin(&blueprint, row)?;
            for name in &wanted {
                let value = plugin.attribute(&look, name).unwrap_or_default();
                attributes.insert(name.clone(), value);
            }
        }
        Ok(shown)
    };
    let row = call.platform.store.read(read).await?;
    Ok(Reply::json(json!({"resource": view::render(&row, &Cx::new(&call))})))
}

/// `GET …/resources/{resource_name}/metadata`.
pub(crate) async fn metadata(call: Call) -> Result<Reply> {
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let platform = Arc::clone(&call.platform);
    let name = call.param("resource_name").to_owned();
    let read = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        let stack = asked.open(connection, &rights)?;
        let row = logic::current(hand, &stack)?.into_iter().find(|row| row.name == name);
        let row = row.ok_or_else(|| logic::not_found(&name, &stack))?;
        logic::metadata(hand, &stack, &row)
    };
    let metadata = call.platform.store.read(read).await?;
    Ok(Reply::json(json!({"metadata": metadata})))
}

/// Refuses a user of a stack who may not read of the resource.
pub(crate) async fn check_own(call: &Call, stack: &Stack, name: &str) -> Result<()> {
    if stack_of(call.caller()?).is_none() {
        return Ok(());
    }
    let (user, stack, name) = (call.caller()?.user_id.clone(), stack.clone(), name.to_owned());
    let read = move |connection: &Connection| {
        Ok(stack_users::may_read(&store::of_stack(connection, &stack.id)?, &user, &name))
    };
    let allowed = call.platform.store.read(read).await?;
    if allowed { Ok(()) } else { Err(Error::forbidden("")) }
}

/// `PATCH …/resources/{resource_name}`: it is not well, or is well again.
pub(crate) async fn mark_unhealthy(call: Call) -> Result<Reply> {
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let verdict = Verdict::read(&call.body)?;
    let platform = Arc::clone(&call.platform);
    let name = call.param("resource_name").to_owned();
    let write = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        let stack = asked.open_living(connection, &rights)?;
        health::mark(hand, &stack, &name, &verdict)
    };
    call.platform.store.write("stack_resources:mark_unhealthy", write).await?;
    Ok(Reply::json(Value::Null))
}

/// `POST …/resources/{resource_name}/signal`. Heat answers before the resource has taken it, so
/// what then goes wrong is not told.
pub(crate) async fn signal(call: Call) -> Result<Reply> {
    let sender = Sender::of(&call)?;
    let platform = Arc::clone(&call.platform);
    let (name, details) = (call.param("resource_name").to_owned(), call.body.clone());
    let write = move |connection: &Connection| {
        let hand = Hand::new(&platform, connection);
        let stack = sender.open(hand, &name)?;
        signal::deliver(hand, &stack, &name, &details)
    };
    match call.platform.store.write("stack_resources:signal", write).await {
        Err(error) if error.tag == signal::FAILED => {
            tracing::info!(%error, "a signal was not taken");
        }
        outcome => drop(outcome?),
    }
    Ok(Reply::json(Value::Null))
}

/// Who signals.
enum Sender {
    /// A user.
    User(Asked, Box<Rights>),
    /// Whoever was given the token of the resource (`TOKEN_SIGNAL`).
    Bearer(Asked, Secret),
}

impl Sender {
    fn of(call: &Call) -> Result<Self> {
        match (&call.caller, &call.token) {
            (None, Some(token)) => Ok(Self::Bearer(Asked::by_anybody(call), token.clone())),
            _ => Ok(Self::User(Asked::of(call)?, Box::new(Rights::of(call)?))),
        }
    }

    /// The stack, if he may signal that resource of it. Whoever has the wrong token learns nothing
    /// of what there is.
    fn open(&self, hand: Hand<'_>, name: &str) -> Result<Stack> {
        match self {
            Self::User(asked, rights) => asked.open_living(hand.connection, rights),
            Self::Bearer(asked, token) => {
                let unknown = |_| Error::unauthorized("The token is not that of the resource.");
                let stack = asked.open_for_bearer(hand.connection).map_err(unknown)?;
                signals::api::bearer(hand, &stack, name, Purpose::Token, token.expose())
                    .map_err(unknown)?;
                Ok(stack)
            }
        }
    }
}
