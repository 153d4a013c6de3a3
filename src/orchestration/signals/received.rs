//! The signals that a handle has received. PURE: a resource's own data in and out.
//!
//! Every dialect has words of its own for the same four facts; they are kept in Heat's.

use kit::error::{Error, Result};
use serde_json::{Map, Value};

use crate::stack_resources::model::Resource;
use crate::template::python;

/// Where a resource keeps them, by their ids.
const SIGNALS: &str = "signals";
/// What a signal says that all went well.
pub(crate) const SUCCESS: &str = "SUCCESS";
/// What it says otherwise.
const FAILURE: &str = "FAILURE";

/// The words of a dialect.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) status: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) data: &'static str,
    pub(crate) id: &'static str,
    pub(crate) care: Care,
}

/// How closely a signal is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Care {
    /// All is said.
    Complete,
    /// What is not said goes without saying.
    Lenient,
    /// So it does, and more may be said: an object store takes what it is given.
    None,
}

/// Heat's.
pub(crate) static HEAT: Words =
    Words { status: "status", reason: "reason", data: "data", id: "id", care: Care::Lenient };

/// Those of objects in Swift.
pub(crate) static SWIFT: Words =
    Words { status: "status", reason: "reason", data: "data", id: "id", care: Care::None };

/// `CloudFormation`'s.
pub(crate) static CLOUDFORMATION: Words = Words {
    status: "Status",
    reason: "Reason",
    data: "Data",
    id: "UniqueId",
    care: Care::Complete,
};

/// The signals, by id.
fn all(handle: &Resource) -> impl Iterator<Item = (&String, &Value)> {
    handle.data.get(SIGNALS).and_then(Value::as_object).into_iter().flatten()
}

/// Takes a signal; what the event says of it. One of an id that was there replaces it.
pub(crate) fn take(handle: &mut Resource, words: &Words, details: &Value) -> Result<String> {
    let number = all(handle).count() + 1;
    let entry = read(words, details, number)?;
    let said = format!("status:{} reason:{}", entry.status, python::text(&entry.reason));
    let signal = Map::from_iter([
        (HEAT.status.to_owned(), Value::String(entry.status)),
        (HEAT.reason.to_owned(), entry.reason),
        (HEAT.data.to_owned(), entry.data),
    ]);
    let signals = handle.data.entry(SIGNALS).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(signals) = signals {
        signals.insert(entry.id, Value::Object(signal));
    }
    Ok(said)
}

struct Entry {
    id: String,
    status: String,
    reason: Value,
    data: Value,
}

fn read(words: &Words, details: &Value, number: usize) -> Result<Entry> {
    let invalid = || Error::bad_request("Metadata format invalid").tag("ValueError");
    let empty = Map::new();
    let lenient = words.care != Care::Complete;
    let given = match details {
        Value::Object(given) => given,
        Value::Null if lenient => &empty,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            return Err(invalid());
        }
    };
    let known = [words.status, words.reason, words.data, words.id];
    let complete = lenient || known.iter().all(|word| given.contains_key(*word));
    let says_more = given.keys().any(|key| !known.contains(&key.as_str()));
    if !complete || (says_more && words.care != Care::None) {
        return Err(invalid());
    }
    let or = |word: &str, default: Value| given.get(word).cloned().unwrap_or(default);
    let status = python::text(&or(words.status, Value::from(SUCCESS)));
    if words.care != Care::None && ![SUCCESS, FAILURE].contains(&status.as_str()) {
        return Err(invalid());
    }
    Ok(Entry {
        id: python::text(&or(words.id, Value::from(number))),
        status,
        reason: or(words.reason, Value::String(format!("Signal {number} received"))),
        data: or(words.data, Value::Null),
    })
}

/// Forgets them all.
pub(crate) fn clear(handle: &mut Resource) {
    handle.data.remove(SIGNALS);
}

/// How many there are.
pub(crate) fn count(handle: &Resource) -> usize {
    all(handle).count()
}

/// The reasons of those that say so, and of those that do not.
pub(crate) fn reasons(handle: &Resource, successes: bool) -> Vec<String> {
    let of = |signal: &Value, word| python::text(signal.get(word).unwrap_or(&Value::Null));
    all(handle)
        .filter(|(_, signal)| (of(signal, HEAT.status) == SUCCESS) == successes)
        .map(|(_, signal)| of(signal, HEAT.reason))
        .collect()
}

/// The status of one that is neither a success nor a failure.
pub(crate) fn odd_status(handle: &Resource) -> Option<String> {
    let status = |signal: &Value| python::text(signal.get(HEAT.status).unwrap_or(&Value::Null));
    let mut all = all(handle).map(|(_, signal)| status(signal));
    all.find(|status| ![SUCCESS, FAILURE].contains(&status.as_str()))
}

/// What each brought along, by id.
pub(crate) fn data(handle: &Resource) -> Value {
    let of = |signal: &Value| signal.get(HEAT.data).cloned().unwrap_or_default();
    Value::Object(all(handle).map(|(id, signal)| (id.clone(), of(signal))).collect())
}

/// The signals as the resource's metadata, in the words of its dialect.
pub(crate) fn metadata(handle: &Resource, words: &Words) -> Value {
    let renamed = |signal: &Value| {
        let pairs =
            [(HEAT.status, words.status), (HEAT.reason, words.reason), (HEAT.data, words.data)];
        let value = |word| signal.get(word).cloned().unwrap_or_default();
        let members = pairs.into_iter().map(|(kept, shown)| (shown.to_owned(), value(kept)));
        Value::Object(members.collect())
    };
    Value::Object(all(handle).map(|(id, signal)| (id.clone(), renamed(signal))).collect())
}

#[cfg(test)]
mod tests {
    use kit::clock::Time;
    use kit::ids::StackId;
    use serde_json::json;

    use super::*;

    fn handle() -> Resource {
        Resource::new(&StackId::from("s"), "h", "T", Time(0))
    }

    #[test]
    fn heat_fills_in_what_a_signal_leaves_out() {
        let mut handle = handle();
        let first = json!({"status": "SUCCESS", "reason": "one", "data": "d1", "id": "a"});
        take(&mut handle, &HEAT, &first).unwrap();
        let said = take(&mut handle, &HEAT, &json!({"data": "d2"})).unwrap();
        assert_eq!(said, "status:SUCCESS reason:Signal 2 received");
        assert_eq!(python::dumps(&data(&handle)), r#"{"a": "d1", "2": "d2"}"#);
        assert_eq!(count(&handle), 2);
        assert!(take(&mut handle, &HEAT, &json!({"bogus": 1})).is_err());
        assert!(take(&mut handle, &HEAT, &json!({"status": "MAYBE"})).is_err());
    }

    #[test]
    fn what_is_put_into_swift_may_say_anything() {
        let mut handle = handle();
        take(&mut handle, &SWIFT, &json!({"status": "MAYBE", "more": 1})).unwrap();
        assert_eq!(odd_status(&handle).as_deref(), Some("MAYBE"));
        assert_eq!(reasons(&handle, false), ["Signal 1 received"]);
    }

    #[test]
    fn cloudformation_wants_all_said() {
        let mut handle = handle();
        assert!(take(&mut handle, &CLOUDFORMATION, &json!({"Status": "SUCCESS"})).is_err());
        let all = json!({"Status": "FAILURE", "Reason": "no", "Data": "", "UniqueId": 7});
        take(&mut handle, &CLOUDFORMATION, &all).unwrap();
        assert_eq!(reasons(&handle, false), ["no"]);
        let shown = json!({"7": {"Status": "FAILURE", "Reason": "no", "Data": ""}});
        assert_eq!(metadata(&handle, &CLOUDFORMATION), shown);
        clear(&mut handle);
        assert_eq!(count(&handle), 0);
    }
}
