//! PURE: events → a chart of the last action of a stack: when each resource was visited.

use kit::clock::Time;

use super::model::colour;
use super::svg::{document, escaped, put, short};
use crate::stack_events::model::Event;
use crate::stacks::model::Status;

const LABEL: usize = 240;
const BAR: usize = 600;
const LINE: usize = 22;

/// A visit: from its begin to its end.
#[derive(Debug, PartialEq, Eq)]
struct Visit<'a> {
    name: &'a str,
    begin: Time,
    end: Time,
    status: Status,
}

/// Draws what happened since the stack last set out; `events` from the oldest on.
pub(super) fn draw(title: &str, events: &[&Event], now: Time) -> String {
    let visits = visits(events, now);
    let begin = visits.iter().map(|visit| visit.begin).min().unwrap_or(now);
    let end = visits.iter().map(|visit| visit.end).max().unwrap_or(now);
    let span = (end.0 - begin.0).max(1);
    let at = |time: Time| {
        let part = (time.0 - begin.0).saturating_mul(i64::try_from(BAR).unwrap_or(1)) / span;
        LABEL + usize::try_from(part).unwrap_or(0)
    };
    let mut body = String::new();
    for (index, visit) in visits.iter().enumerate() {
        let (x, y) = (at(visit.begin), LINE * (index + 1));
        let width = at(visit.end).saturating_sub(x).max(2);
        let (text, fill) = (y + 14, colour(visit.status));
        let took = (visit.end.0 - visit.begin.0) / 1000;
        put(
            &mut body,
            format_args!(
                "<text x=\"8\" y=\"{text}\">{} ({took} ms)</text>\
             <rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"16\" fill=\"{fill}\" \
             stroke=\"#455a64\"/>\n",
                escaped(&short(visit.name))
            ),
        );
    }
    document(title, (LABEL + BAR + 16, LINE * (visits.len() + 2)), &body)
}

/// The visits of the last action, the first begun first. One that has not ended goes on until now.
fn visits<'a>(events: &[&'a Event], now: Time) -> Vec<Visit<'a>> {
    let is_stack = |event: &Event| event.physical_id == event.stack.as_str();
    let set_out = |event: &&Event| is_stack(event) && event.status == Status::InProgress;
    let first = events.iter().rposition(set_out).unwrap_or(0);
    let mut visits: Vec<Visit<'a>> = Vec::new();
    for event in events.iter().skip(first) {
        let same = visits
            .iter_mut()
            .rfind(|visit| visit.name == event.resource_name && visit.status == Status::InProgress);
        match (event.status, same) {
            (Status::Complete | Status::Failed, Some(visit)) => {
                visit.end = event.created_at;
                visit.status = event.status;
            }
            (Status::InProgress, _) => visits.push(Visit {
                name: &event.resource_name,
                begin: event.created_at,
                end: now,
                status: Status::InProgress,
            }),
            (Status::Complete | Status::Failed, None) => {}
        }
    }
    visits
}
