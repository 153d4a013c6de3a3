//! Servers of stacks that are no longer what their stack has made: their resources say so, without
//! anybody having to ask for a check.
//!
//! An engine event changes the row of a server (compute's own reconciler), the commit of that brings
//! us here, and row and row are compared. So it is seen whatever ends a guest, and at start-up what
//! ended meanwhile. A resource is marked once and unmarked once, each with an event.
//!
//! **Invariant:** only what rests is marked: no resource that is being visited, of no stack that is
//! on its way; the end of either brings us here again. What a check or a user has said stays.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use compute::facade::{self, Health};
use kit::Platform;
use kit::engine::EngineEvent;
use kit::error::Result;
use kit::workflow::Reconciler;
use rusqlite::Connection;
use serde_json::Value;

use super::model::Resource;
use super::store::{self, Resting};
use crate::engine::Hand;
use crate::resources;
use crate::stack_events::{self, model::Event};
use crate::stacks::model::{Action, Status};
use crate::stacks::store as stack_store;

/// Under which name a resource's data has the reason that was given here.
const DRIFT: &str = "drift";
/// What is said of one that is well again.
const BACK: &str = "The server is well again";

/// The reconciler.
pub(crate) struct Drift;

#[async_trait]
impl Reconciler for Drift {
    fn name(&self) -> &'static str {
        "servers of stacks"
    }

    async fn all(&self, platform: &Arc<Platform>) -> Result<()> {
        let read = |connection: &Connection| {
            let health = facade::health(connection)?;
            let resting = store::resting(connection)?.into_iter();
            let differs =
                |row: &Resting| verdict(row, health.get(&row.server()).copied()).is_some();
            Ok(resting.filter(differs).map(|row| row.number).collect::<Vec<_>>())
        };
        for number in platform.store.read(read).await? {
            let within = Arc::clone(platform);
            let write = move |connection: &Connection| note(Hand::new(&within, connection), number);
            platform.store.write("stack_resources:drift", write).await?;
        }
        Ok(())
    }

    async fn some(&self, platform: &Arc<Platform>, _: &BTreeSet<String>) -> Result<()> {
        self.all(platform).await
    }

    /// Servers are looked at when their rows change.
    fn interested(&self, _: &EngineEvent) -> Option<String> {
        None
    }

    fn tables(&self) -> &'static [&'static str] {
        &["server", "stack"]
    }
}

/// What is to be said of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Ill(&'static str),
    Well,
}

/// PURE: what is to be said of a resource that rests, by the health of the server that its thing is;
/// `None` if nothing new.
fn verdict(row: &Resting, health: Option<Health>) -> Option<Verdict> {
    let is_server = resources::find(&row.resource_type).is_some_and(resources::Plugin::is_server);
    let complaint = match health {
        Some(Health::Well) => None,
        Some(Health::Stopped) => Some("The guest of the server has ended"),
        Some(Health::WithoutGuest) => Some("The guest of the server is gone"),
        Some(Health::Broken) => Some("The server is in ERROR"),
        None if is_server => Some("The server is gone"),
        Some(Health::Unsettled) | None => return None,
    };
    let is_marked = (row.action, row.status) == (Action::Check, Status::Failed)
        && row.drift.as_deref() == Some(row.reason.as_str());
    match complaint {
        Some(complaint) if row.status == Status::Complete => Some(Verdict::Ill(complaint)),
        None if is_marked => Some(Verdict::Well),
        Some(_) | None => None,
    }
}

/// Notes it, if it still is so.
fn note(hand: Hand<'_>, number: i64) -> Result<()> {
    let Some(resting) = store::resting_one(hand.connection, number)? else { return Ok(()) };
    let said = verdict(&resting, facade::health_of(hand.connection, &resting.server())?);
    let row = store::get_for_system(hand.connection, number)?;
    let (Some(said), Some(mut row)) = (said, row) else { return Ok(()) };
    let Some(stack) = stack_store::get_for_system(hand.connection, &row.stack)? else {
        return Ok(());
    };
    match said {
        Verdict::Ill(complaint) => mark(&mut row, complaint),
        Verdict::Well => unmark(&mut row),
    }
    row.action = Action::Check;
    row.updated_at = hand.now;
    store::save(hand.connection, &row)?;
    stack_events::store::insert(hand.connection, &Event::of_resource(&stack, &row, hand.now))
}

fn mark(row: &mut Resource, complaint: &str) {
    row.status = Status::Failed;
    row.reason = format!("Error: resources.{}: {complaint}", row.name);
    row.data.insert(DRIFT.to_owned(), Value::String(row.reason.clone()));
}

fn unmark(row: &mut Resource) {
    row.status = Status::Complete;
    BACK.clone_into(&mut row.reason);
    row.data.remove(DRIFT);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resting(state: (Action, Status), reason: &str, drift: Option<&str>) -> Resting {
        Resting {
            number: 1,
            resource_type: "OS::Nova::Server".to_owned(),
            physical: "id".to_owned(),
            action: state.0,
            status: state.1,
            reason: reason.to_owned(),
            drift: drift.map(str::to_owned),
        }
    }

    #[test]
    fn a_resource_is_marked_once_and_unmarked_once() {
        let complete = resting((Action::Create, Status::Complete), "", None);
        let marked = resting((Action::Check, Status::Failed), "why", Some("why"));
        let checked = resting((Action::Check, Status::Failed), "other", Some("why"));
        let table = [
            (&complete, Health::Well, None),
            (&complete, Health::Unsettled, None),
            (&complete, Health::Stopped, Some(Verdict::Ill("The guest of the server has ended"))),
            (&marked, Health::Stopped, None),
            (&marked, Health::Unsettled, None),
            (&marked, Health::Well, Some(Verdict::Well)),
            (&checked, Health::Well, None),
        ];
        for (row, health, wanted) in table {
            assert_eq!(verdict(row, Some(health)), wanted, "{row:?} {health:?}");
        }
        assert_eq!(verdict(&complete, None), Some(Verdict::Ill("The server is gone")));
    }

    #[test]
    fn what_is_no_server_is_nobodys_drift() {
        let mut row = resting((Action::Create, Status::Complete), "", None);
        row.resource_type = "OS::Neutron::Net".to_owned();
        assert_eq!(verdict(&row, None), None);
    }
}
