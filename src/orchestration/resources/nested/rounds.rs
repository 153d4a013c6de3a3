//! Updates of a nested stack one after the other, kept with its resource.

use kit::clock::Time;
use kit::error::{Error, Result};
use serde_json::Value;

use crate::resources::Look;
use crate::stack_resources::model::Resource;

// What is kept with a resource while it goes through rounds.
const ROUNDS: &str = "rounds";
const UNTIL: &str = "paused_until";

/// One of the updates that bring a nested stack from one definition of its members to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Round {
    /// How many members there are after it.
    pub(crate) size: usize,
    /// How many of them take the new definition in it.
    pub(crate) fresh: usize,
    /// How long it is put off after the round before it.
    pub(crate) pause_ms: i64,
}

impl Round {
    /// One that only changes how many members there are.
    pub(crate) fn of_size(size: usize) -> Self {
        Self { size, fresh: 0, pause_ms: 0 }
    }
}

/// Refuses rounds whose pauses alone take longer than the action may.
pub(super) fn check(rounds: &[Round], timeout_mins: i64) -> Result<()> {
    let pauses: i64 = rounds.iter().map(|round| round.pause_ms).sum();
    if pauses == 0 || pauses < timeout_mins.saturating_mul(60_000) {
        return Ok(());
    }
    let sentence = "The current update policy will result in stack update timeout.";
    Err(Error::bad_request(sentence).tag("ValueError"))
}

/// Keeps what is left to do after the round that is begun.
pub(super) fn keep(resource: &mut Resource, rounds: &[Round]) {
    resource.data.remove(UNTIL);
    resource.data.remove(ROUNDS);
    if rounds.is_empty() {
        return;
    }
    let row = |round: &Round| {
        let numbers = [Value::from(round.size), round.fresh.into(), round.pause_ms.into()];
        Value::Array(numbers.to_vec())
    };
    resource.data.insert(ROUNDS.to_owned(), rounds.iter().map(row).collect());
}

/// What is left to do.
pub(super) fn left(resource: &Resource) -> Vec<Round> {
    let number = |row: &Value, index: usize| row.get(index)?.as_i64();
    let count = |row: &Value, index: usize| usize::try_from(number(row, index)?).ok();
    let round = |row: &Value| {
        let pause_ms = number(row, 2).unwrap_or_default();
        Some(Round { size: count(row, 0)?, fresh: count(row, 1)?, pause_ms })
    };
    let kept = resource.data.get(ROUNDS).and_then(Value::as_array);
    kept.into_iter().flatten().filter_map(round).collect()
}

/// Puts the next round off; `false` if there is no pause, or it is over.
pub(super) fn begin_pause(resource: &mut Resource, round: Round, now: Time) -> bool {
    if round.pause_ms <= 0 || resource.data.remove(UNTIL).is_some() {
        return false;
    }
    let until = now.plus_ms(round.pause_ms);
    resource.data.insert(UNTIL.to_owned(), Value::from(until.0));
    true
}

/// Until when the next round is put off.
pub(super) fn paused_until(look: &Look<'_>) -> Option<Time> {
    let until = look.resource.data.get(UNTIL).and_then(Value::as_i64).map(Time);
    until.filter(|until| *until > look.hand.now)
}

#[cfg(test)]
mod tests {
    use kit::ids::StackId;

    use super::*;

    fn resource() -> Resource {
        Resource::new(&StackId::from("s"), "group", "OS::Heat::ResourceGroup", Time(0))
    }

    #[test]
    fn rounds_are_kept_with_the_resource() {
        let mut resource = resource();
        let rounds =
            [Round { size: 4, fresh: 2, pause_ms: 0 }, Round { size: 3, fresh: 1, pause_ms: 1500 }];
        keep(&mut resource, &rounds);
        assert_eq!(left(&resource), rounds);
        keep(&mut resource, &[]);
        assert!(resource.data.is_empty());
    }

    #[test]
    fn a_round_is_put_off_once() {
        let (mut resource, now) = (resource(), Time(0));
        let round = Round { pause_ms: 1500, ..Round::of_size(3) };
        assert!(begin_pause(&mut resource, round, now));
        assert!(!begin_pause(&mut resource, round, now));
        assert!(!begin_pause(&mut resource, Round::of_size(3), now));
    }

    #[test]
    fn pauses_longer_than_the_action_may_take_are_refused() {
        let rounds = [Round::of_size(1), Round { pause_ms: 60_000, ..Round::of_size(2) }];
        assert!(check(&rounds, 2).is_ok());
        assert!(check(&rounds, 1).unwrap_err().public.contains("stack update timeout"));
        assert!(check(&[Round::of_size(1)], 0).is_ok());
    }
}
