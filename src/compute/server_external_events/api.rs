//! `/os-server-external-events`.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::policy::Target;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::logic::{self, Outcome};

/// `POST /os-server-external-events`: 207 when one of the events was not accepted.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize_on(&Target::none())?;
    let mut events = call.wrapped("events").as_array().cloned().unwrap_or_default();
    let asked = events.clone();
    let read = move |db: &Connection| logic::judge_all(db, &asked);
    let outcomes = call.platform.store.read(read).await?;
    for (event, outcome) in events.iter_mut().zip(&outcomes) {
        note(event, *outcome);
    }
    let all = outcomes.iter().all(|outcome| *outcome == Outcome::Accepted);
    Ok(Reply::json(json!({"events": events})).status(if all { 200 } else { 207 }))
}

/// The event comes back with what became of it.
fn note(event: &mut Value, outcome: Outcome) {
    let status = if outcome == Outcome::Accepted { "completed" } else { "failed" };
    if let Some(event) = event.as_object_mut() {
        event.insert("status".to_owned(), json!(status));
        event.insert("code".to_owned(), json!(outcome.code()));
    }
}
