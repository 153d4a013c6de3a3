//! `/servers/{server_id}/os-instance-actions`.

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::http::{Call, Cx, Page, Reply, since};
use kit::workflow::{self, Operation};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::view::{self, Of, Shown};
use crate::hosts;
use crate::microversions::{ACTION_PAGES, ACTIONS_OF_DELETED};
use crate::servers::logic::Asked;

/// `GET …/os-instance-actions`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let paged = since(ACTION_PAGES).contains(call.version);
    let page = Page::from(&call, call.platform.settings.compute.max_limit)?;
    let times = if paged { times(&call)? } else { (None, None) };
    let (of, mut operations) = read(&call).await?;
    if paged {
        operations = page_of(operations, &page, times)?;
    }
    let cx = Cx::new(&call);
    let last = operations.last().map(|operation| operation.request_id.clone());
    let shown = operations.into_iter().map(|operation| Shown { operation, of: of.clone() });
    let rows: Vec<Value> = shown.map(|row| view::SUMMARY.render(&row, &cx)).collect();
    let path = format!("/servers/{}/os-instance-actions", of.server.id);
    let next = page.next(&call, &path, rows.len(), last.as_deref()).filter(|_| paged);
    let mut body = Map::from_iter([("instanceActions".to_owned(), Value::Array(rows))]);
    if let Some(next) = next {
        body.insert("links".to_owned(), json!([{"rel": "next", "href": next}]));
    }
    Ok(Reply::json(Value::Object(body)))
}

/// `GET …/os-instance-actions/{request_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let wanted = call.param("request_id").to_owned();
    let (of, operations) = read(&call).await?;
    let operation = operations
        .into_iter()
        .find(|operation| operation.request_id == wanted)
        .ok_or_else(|| Error::not_found(format!("Action {wanted} not found")))?;
    let shown = view::detail(&Shown { operation, of }, &Cx::new(&call));
    Ok(Reply::json(json!({"instanceAction": shown})))
}

/// The server, from 2.21 on a deleted one too, and what was done to it, the newest first.
async fn read(call: &Call) -> Result<(Of, Vec<Operation>)> {
    let asked = Asked::new(call)?;
    let even_deleted = since(ACTIONS_OF_DELETED).contains(call.version);
    let read = move |db: &Connection| {
        let server = if even_deleted { asked.open_even_deleted(db)? } else { asked.open(db)? };
        let mut operations = workflow::list_for_target(db, &server.target())?;
        // A timer is no action until it begins one.
        operations.retain(|operation| !operation.label.is_empty());
        let worker = match &server.host {
            Some(host) => host.clone(),
            None => hosts::logic::conductor(db)?,
        };
        Ok((Of { server, worker }, operations))
    };
    call.platform.store.read(read).await
}

fn times(call: &Call) -> Result<(Option<Time>, Option<Time>)> {
    let time = |key: &str| call.query(key).and_then(Time::parse);
    let (since, before) = (time("changes-since"), time("changes-before"));
    match (since, before) {
        (Some(since), Some(before)) if before < since => Err(Error::bad_request(
            "The value of changes-since must be less than or equal to changes-before.",
        )),
        _ => Ok((since, before)),
    }
}

fn page_of(
    operations: Vec<Operation>,
    page: &Page,
    (since, before): (Option<Time>, Option<Time>),
) -> Result<Vec<Operation>> {
    let start = match &page.marker {
        None => 0,
        Some(marker) => {
            let found = operations.iter().position(|row| row.request_id == *marker);
            found
                .map(|index| index + 1)
                .ok_or_else(|| Error::bad_request(format!("Marker {marker} could not be found.")))?
        }
    };
    let inside = |row: &Operation| {
        since.is_none_or(|since| row.updated_at >= since)
            && before.is_none_or(|before| row.updated_at <= before)
    };
    let limit = usize::try_from(page.limit).unwrap_or(0);
    Ok(operations.into_iter().skip(start).filter(inside).take(limit).collect())
}
