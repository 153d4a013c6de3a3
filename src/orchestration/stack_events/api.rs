//! `/stacks/{stack_name}/{stack_id}/events`, of the stack and of one of its resources.

use std::collections::HashMap;

use kit::Platform;
use kit::error::{Error, Result};
use kit::http::{Call, Cx, Reply};
use kit::ids::StackId;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::model::{Event, Query};
use super::view::{self, Shown};
use super::{store, stream};
use crate::stack_diagrams;
use crate::stack_resources::api::nested_depth;
use crate::stacks::filters::limit;
use crate::stacks::lookup::{Asked, Rights};
use crate::stacks::tree;

/// Filters of lists and their columns.
static FILTERS: &[(&str, &str)] = &[
    ("resource_name", "resource_name"),
    ("resource_type", "resource_type"),
    ("resource_action", "action"),
    ("resource_status", "status"),
];

/// `GET …/events` and `GET …/resources/{resource_name}/events`: a list, a stream or a chart.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let wanted = Wanted::of(&call)?;
    if stream::is_asked(&call) {
        return stream::reply(call, wanted).await;
    }
    if let Some(format) = call.query("format") {
        return stack_diagrams::api::chart(&call, format, wanted).await;
    }
    let events = wanted.read(&call.platform).await?.events;
    let cx = Cx::new(&call);
    let rows: Vec<Value> = events.iter().map(|event| view::SUMMARY.render(event, &cx)).collect();
    Ok(Reply::json(json!({"events": rows})))
}

/// Which events of which stack are asked for.
#[derive(Clone)]
pub(crate) struct Wanted {
    asked: Asked,
    rights: Rights,
    depth: usize,
    pub(crate) query: Query,
}

/// What was found.
pub(crate) struct Page {
    pub(crate) events: Vec<Shown>,
    /// Nothing more will happen: the stack is gone.
    pub(crate) is_over: bool,
}

impl Wanted {
    fn of(call: &Call) -> Result<Self> {
        Ok(Self {
            asked: Asked::of(call)?,
            rights: Rights::of(call)?,
            depth: nested_depth(call)?,
            query: query(call)?,
        })
    }

    /// The events that are there now.
    pub(crate) async fn read(self, platform: &Platform) -> Result<Page> {
        platform.store.read(move |connection: &Connection| self.find(connection)).await
    }

    fn find(&self, connection: &Connection) -> Result<Page> {
        let stack = self.asked.open(connection, &self.rights)?;
        let root = (self.depth > 0).then(|| stack.path());
        let below = tree::below(connection, &stack.id, self.depth)?;
        let all = [&stack].into_iter().chain(&below);
        let paths: HashMap<StackId, String> =
            all.map(|stack| (stack.id.clone(), stack.path())).collect();
        let ids: Vec<StackId> = paths.keys().cloned().collect();
        let events = store::list(connection, &ids, &self.query)?.into_iter();
        let show = |event: Event| {
            let stack = paths.get(&event.stack).cloned().unwrap_or_default();
            Shown { event, stack, root: root.clone() }
        };
        Ok(Page { events: events.map(show).collect(), is_over: stack.deleted_at.is_some() })
    }
}

/// The events of the stack of a path, in either list's order.
pub(crate) async fn read(call: &Call) -> Result<Vec<Shown>> {
    Ok(Wanted::of(call)?.read(&call.platform).await?.events)
}

fn query(call: &Call) -> Result<Query> {
    let filters = FILTERS.iter().filter_map(|(name, column)| {
        let accepted: Vec<String> = call.query_all(name).map(str::to_owned).collect();
        (!accepted.is_empty()).then_some((*column, accepted))
    });
    let resource = Some(call.param("resource_name")).filter(|name| !name.is_empty());
    Ok(Query {
        resource: resource.map(str::to_owned),
        filters: filters.collect(),
        // Heat: the newest first, unless asked otherwise.
        descending: call.query("sort_dir") != Some("asc"),
        limit: limit(call)?,
        marker: call.query("marker").map(str::to_owned),
    })
}

/// `GET …/resources/{resource_name}/events/{event_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let id = call.param("event_id").to_owned();
    let resource = call.param("resource_name").to_owned();
    let missing = Error::not_found(format!("No event {id} found"));
    let read = move |connection: &Connection| {
        let stack = asked.open(connection, &rights)?;
        let event = store::get(connection, &stack.id, &resource, &id)?;
        Ok(event.map(|event| Shown { event, stack: stack.path(), root: None }))
    };
    let event = call.platform.store.read(read).await?.ok_or(missing)?;
    Ok(Reply::json(json!({"event": view::detail(&event, &Cx::new(&call))})))
}
