//! A time until which an action is under way, kept with the resource. What waits for it is woken
//! by the journal; nothing sleeps.

use kit::clock::Time;
use serde_json::Value;

use crate::resources::{Act, Look, Pending};

/// Where it is kept.
const UNTIL: &str = "until";

/// The action takes so many seconds from now on; less than none is for ever.
pub(super) fn set(act: &mut Act<'_>, seconds: f64) {
    let until = if seconds < 0.0 {
        i64::MAX
    } else {
        #[expect(clippy::cast_possible_truncation, reason = "a float is cut to what fits")]
        let wait_ms = (seconds * 1000.0) as i64;
        act.hand.now.plus_ms(wait_ms).0
    };
    act.resource.data.insert(UNTIL.to_owned(), Value::from(until));
}

/// Whether that time has come.
pub(super) fn pending(look: &Look<'_>) -> Pending {
    match look.resource.data.get(UNTIL).and_then(Value::as_i64).map(Time) {
        Some(until) if until > look.hand.now => Pending::For(String::new(), Some(until)),
        Some(_) | None => Pending::Over,
    }
}
