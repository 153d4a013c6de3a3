//! PURE: what becomes of the members of a group, round by round.
//!
//! A rolling update brings the members to a new definition in batches and keeps enough of them in
//! service, for which more of them may be there for a while. Every group counts with this.

use kit::error::{Error, Result};
use serde_json::{Map, Value};

use crate::resources::nested::{Member, Round};

/// What a policy says of batches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batches {
    pub(crate) min_in_service: usize,
    pub(crate) max_batch_size: usize,
    /// How long a batch is put off after the one before it.
    pub(crate) pause_ms: i64,
    /// Members beyond the target are there for a while only, and do not count as done.
    pub(crate) extra_goes: bool,
}

impl Batches {
    /// The rounds from `current` members of an old definition to `target` of a new one.
    pub(crate) fn rounds(self, target: usize, mut current: usize) -> Vec<Round> {
        let mut rounds: Vec<Round> = Vec::new();
        let mut done: usize = 0;
        while done < current || current != target {
            let least = self.min_in_service.min(target).min(current);
            let fresh = self.max_batch_size.max(1).min(target.saturating_sub(done));
            let size = fresh + current.min(target.saturating_sub(fresh)).max(least);
            let pause_ms = if rounds.is_empty() { 0 } else { self.pause_ms };
            rounds.push(Round { size, fresh, pause_ms });
            let extra = if self.extra_goes { size.saturating_sub(current.max(target)) } else { 0 };
            done += fresh.saturating_sub(extra);
            current = size;
        }
        rounds
    }
}

/// The members after a round, from those that are there, the first to go first. `define` is the
/// new definition of a member, `name` names one more.
pub(crate) fn after(
    round: Round,
    old: Vec<Member>,
    define: impl Fn(&str) -> Value,
    mut name: impl FnMut() -> String,
) -> Map<String, Value> {
    let staying = old.len().saturating_sub(round.size);
    let old: Vec<Member> = old.into_iter().skip(staying).collect();
    let added = round.size - old.len();
    let mut to_change = round.fresh.saturating_sub(added);
    let mut members = Map::new();
    for member in old {
        let new = define(&member.name);
        let changes = to_change > 0 && new != member.definition;
        to_change -= usize::from(changes);
        members.insert(member.name, if changes { new } else { member.definition });
    }
    for _ in 0..added {
        let name = name();
        let definition = define(&name);
        members.insert(name, definition);
    }
    members
}

/// Seconds as the milliseconds of a pause.
pub(crate) fn pause_ms(seconds: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a float is cut to what fits")]
    let pause_ms = (seconds * 1000.0) as i64;
    pause_ms.max(0)
}

/// A template of these members.
pub(crate) fn template(members: Map<String, Value>) -> Value {
    let version = Value::from("2015-04-30");
    let sections = [("heat_template_version", version), ("resources", Value::Object(members))];
    Value::Object(sections.into_iter().map(|(name, section)| (name.to_owned(), section)).collect())
}

/// The definition without what is null in it and in its properties.
pub(crate) fn cleaned(definition: &Map<String, Value>) -> Map<String, Value> {
    let there = |members: &Map<String, Value>| -> Map<String, Value> {
        let there = members.iter().filter(|(_, value)| !value.is_null());
        there.map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    let mut definition = there(definition);
    if let Some(Value::Object(properties)) = definition.get_mut("properties") {
        *properties = there(properties);
    }
    definition
}

/// How a policy changes the size of a group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Adjustment {
    pub(crate) by: f64,
    pub(crate) min_step: Option<f64>,
}

/// The new size of a group of `current` members. `kind` is the type of the adjustment as HOT or
/// `CloudFormation` spells it.
pub(crate) fn adjusted(
    current: usize,
    adjustment: Adjustment,
    kind: &str,
    min: usize,
    max: usize,
) -> Result<usize> {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let Adjustment { by, min_step } = adjustment;
    let wanted = match kind {
        "change_in_capacity" | "ChangeInCapacity" => number(current) + by,
        "exact_capacity" | "ExactCapacity" => by,
        "percent_change_in_capacity" | "PercentChangeInCapacity" => {
            let delta = number(current) * by / 100.0;
            // Less than one member is one, more than one is cut.
            let outward = (delta.abs() < 1.0) == (delta > 0.0);
            let rounded = if outward { delta.ceil() } else { delta.floor() };
            let least = min_step.filter(|step| *step > rounded.abs());
            number(current) + least.map_or(rounded, |step| step.copysign(rounded))
        }
        _ => return Err(Error::bad_request(format!("Invalid adjustment type {kind}"))),
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it lies between two sizes"
    )]
    Ok(wanted.min(number(max)).max(number(min)).max(0.0) as usize)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn batches(min_in_service: usize, max_batch_size: usize, extra_goes: bool) -> Batches {
        Batches { min_in_service, max_batch_size, extra_goes, pause_ms: 0 }
    }

    fn pairs(rounds: &[Round]) -> Vec<(usize, usize)> {
        rounds.iter().map(|round| (round.size, round.fresh)).collect()
    }

    #[test]
    fn batches_go_as_in_heat() {
        assert_eq!(pairs(&batches(0, 2, true).rounds(3, 3)), [(3, 2), (3, 1)]);
        assert_eq!(pairs(&batches(0, 2, true).rounds(4, 0)), [(2, 2), (4, 2)]);
        assert_eq!(pairs(&batches(2, 2, true).rounds(3, 3)), [(4, 2), (4, 2), (3, 0)]);
        assert_eq!(pairs(&batches(2, 2, false).rounds(3, 3)), [(4, 2), (3, 1)]);
        assert_eq!(pairs(&batches(0, 1, true).rounds(0, 2)), [(0, 0)]);
    }

    #[test]
    fn every_batch_but_the_first_is_put_off() {
        let slow = Batches { pause_ms: 7, ..batches(0, 2, true) };
        let pauses: Vec<i64> = slow.rounds(5, 5).iter().map(|round| round.pause_ms).collect();
        assert_eq!(pauses, [0, 7, 7]);
    }

    #[test]
    fn the_first_members_change_or_go_first() {
        let old =
            |name: &str| Member { name: name.to_owned(), definition: json!(1), failed: false };
        let all = || vec![old("a"), old("b"), old("c")];
        let define = |_: &str| json!(2);
        let name = || "new".to_owned();
        let some = after(Round { fresh: 1, ..Round::of_size(3) }, all(), define, name);
        assert_eq!(Value::Object(some), json!({"a": 2, "b": 1, "c": 1}));
        let fewer = after(Round { fresh: 0, ..Round::of_size(2) }, all(), define, name);
        assert_eq!(Value::Object(fewer), json!({"b": 1, "c": 1}));
        let more = after(Round { fresh: 2, ..Round::of_size(4) }, all(), define, name);
        assert_eq!(Value::Object(more), json!({"a": 2, "b": 1, "c": 1, "new": 2}));
    }

    #[test]
    fn a_group_stays_between_its_sizes() {
        let to = |by: f64, kind: &str| {
            adjusted(4, Adjustment { by, min_step: None }, kind, 1, 6).unwrap()
        };
        assert_eq!(to(1.0, "change_in_capacity"), 5);
        assert_eq!(to(-9.0, "ChangeInCapacity"), 1);
        assert_eq!(to(9.0, "exact_capacity"), 6);
        assert_eq!(to(10.0, "percent_change_in_capacity"), 5);
        assert_eq!(to(40.0, "percent_change_in_capacity"), 5);
        assert_eq!(to(-10.0, "PercentChangeInCapacity"), 3);
        assert_eq!(to(-60.0, "PercentChangeInCapacity"), 2);
        let step = Adjustment { by: 10.0, min_step: Some(2.0) };
        assert_eq!(adjusted(4, step, "percent_change_in_capacity", 1, 9).unwrap(), 6);
    }
}
