//! `?format=` on the resources of a stack (`svg`, `mermaid`, `dot`) and on its events (`gantt`).

use std::sync::Arc;

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use rusqlite::Connection;

use super::model::Picture;
use super::{dot, gantt, logic, mermaid, svg};
use crate::engine::Hand;
use crate::stack_events::api::Wanted;
use crate::stack_events::model::Event;
use crate::stacks::lookup::{Asked, Rights};

/// The forms of a picture.
type Form = (&'static str, &'static str, fn(&str, &Picture) -> String);
static FORMS: &[Form] = &[
    ("svg", svg::MEDIA_TYPE, svg::draw),
    ("mermaid", mermaid::MEDIA_TYPE, |_, picture| mermaid::draw(picture)),
    ("dot", dot::MEDIA_TYPE, dot::draw),
];
/// The form of a chart.
const GANTT: &str = "gantt";

/// The resources of a stack as a picture.
pub(crate) async fn topology(call: &Call, format: &str) -> Result<Reply> {
    let known = FORMS.iter().find(|(name, ..)| *name == format);
    let (_, media_type, draw) = known.ok_or_else(|| unknown(format, "svg, mermaid, dot"))?;
    let (asked, rights) = (Asked::of(call)?, Rights::of(call)?);
    let platform = Arc::clone(&call.platform);
    let read = move |connection: &Connection| {
        let stack = asked.open(connection, &rights)?;
        logic::picture(Hand::new(&platform, connection), &stack)
    };
    let picture = call.platform.store.read(read).await?;
    Ok(Reply::text(media_type, draw(call.param("stack_name"), &picture)))
}

/// The events of the last action as a chart.
pub(crate) async fn chart(call: &Call, format: &str, mut wanted: Wanted) -> Result<Reply> {
    if format != GANTT {
        return Err(unknown(format, GANTT));
    }
    wanted.query.descending = false;
    let events = wanted.read(&call.platform).await?.events;
    let events: Vec<&Event> = events.iter().map(|shown| &shown.event).collect();
    let title = call.param("stack_name");
    Ok(Reply::text(svg::MEDIA_TYPE, gantt::draw(title, &events, call.platform.clock.now())))
}

fn unknown(format: &str, known: &str) -> Error {
    Error::bad_request(format!(
        "Unrecognized value \"{format}\" for \"format\", acceptable values are: {known}"
    ))
}
