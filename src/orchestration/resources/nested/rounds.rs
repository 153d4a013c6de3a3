//! Updates of a nested stack one after the other, kept with its resource.

use kit::clock::Time;
use serde_json::Value;

use crate::resources::Look;
use crate::stack_resources::model::Resource;

// What is kept with a resource while it goes through rounds.
const ROUNDS: &str = "rounds";
const PAUSE: &str = "pause_seconds";
const UNTIL: &str = "paused_until";

/// One of the updates that bring a nested stack from one definition of its members to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Round {
    /// How many members there are after it.
    pub(crate) size: usize,
    /// How many of them take the new definition in it.
    pub(crate) fresh: usize,
}

/// The rounds of an action, with a pause between them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rounds {
    pub(crate) list: Vec<Round>,
    pub(crate) pause_seconds: f64,
}

/// Keeps what is left to do after the round that is begun.
pub(super) fn keep(resource: &mut Resource, rounds: &[Round], pause_seconds: f64) {
    for key in [ROUNDS, PAUSE, UNTIL] {
        resource.data.remove(key);
    }
    if rounds.is_empty() {
        return;
    }
    let list = rounds.iter().map(|round| Value::from(vec![round.size, round.fresh])).collect();
    resource.data.insert(ROUNDS.to_owned(), list);
    resource.data.insert(PAUSE.to_owned(), Value::from(pause_seconds));
}

/// What is left to do.
pub(super) fn left(resource: &Resource) -> Rounds {
    let number = |pair: &Value, index: usize| usize::try_from(pair.get(index)?.as_u64()?).ok();
    let round = |pair: &Value| Some(Round { size: number(pair, 0)?, fresh: number(pair, 1)? });
    let kept = resource.data.get(ROUNDS).and_then(Value::as_array);
    let pause = resource.data.get(PAUSE).and_then(Value::as_f64);
    Rounds {
        list: kept.into_iter().flatten().filter_map(round).collect(),
        pause_seconds: pause.unwrap_or_default(),
    }
}

/// Puts the next round off; `false` if there is no pause, or it is over.
pub(super) fn begin_pause(resource: &mut Resource, pause_seconds: f64, now: Time) -> bool {
    if pause_seconds <= 0.0 || resource.data.remove(UNTIL).is_some() {
        return false;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a float is cut to what fits")]
    let until = now.plus_ms((pause_seconds * 1000.0) as i64);
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

    #[test]
    fn rounds_are_kept_with_the_resource() {
        let mut resource =
            Resource::new(&StackId::from("s"), "group", "OS::Heat::ResourceGroup", Time(0));
        let rounds = [Round { size: 4, fresh: 2 }, Round { size: 3, fresh: 1 }];
        keep(&mut resource, &rounds, 1.5);
        assert_eq!(left(&resource), Rounds { list: rounds.to_vec(), pause_seconds: 1.5 });
        keep(&mut resource, &[], 0.0);
        assert!(resource.data.is_empty());
    }
}
