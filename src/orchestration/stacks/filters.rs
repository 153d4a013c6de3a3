//! What the query of a list of stacks asks for. Called by `api.rs`; a filter may come by its own name
//! or by that of the member of a stack that it looks at, as with Heat.

use kit::error::{Error, Result};
use kit::http::Call;

use super::model::{Query, TagFilter};
use super::reach::Reach;
use super::request::truth;

/// The most stacks of a page.
const MAX_LIMIT: i64 = 1000;

/// Filters and their columns; those of one column widen each other.
static FILTERS: &[(&str, &str)] = &[
    ("id", "id"),
    ("name", "name"),
    ("stack_name", "name"),
    (ACTION, ACTION),
    ("stack_action", ACTION),
    (STATUS, STATUS),
    ("stack_status", STATUS),
    ("stack_status_reason", "reason"),
    ("timeout_mins", "timeout_mins"),
    ("tenant", "project_id"),
    ("username", USER),
    ("stack_owner", USER),
    // Without `show_nested` nothing has an owner.
    ("owner_id", "parent_id"),
    ("parent", "parent_id"),
];

const ACTION: &str = "action";
const STATUS: &str = "status";
const USER: &str = "trust ->> 'user_name'";

/// What a status may be; before it, an action may stand.
static STATUSES: &[&str] = &["COMPLETE", "FAILED", "IN_PROGRESS"];

/// Sort keys and their columns; others are ignored.
static SORT_KEYS: &[(&str, &str)] = &[
    ("name", "name"),
    ("stack_name", "name"),
    ("status", "status"),
    ("stack_status", "status"),
    ("created_at", "created_at"),
    ("creation_time", "created_at"),
    ("updated_at", UPDATED),
    ("updated_time", UPDATED),
];

/// What never changed comes before what did; a marker compares it, so it cannot be null.
const UPDATED: &str = "coalesce(updated_at, 0)";

/// Stacks with this tag are only listed for `show_hidden` (Heat: `hidden_stack_tags`).
const HIDDEN: &str = "data-processing-cluster";

/// Reads the query of a list.
pub(super) fn query(call: &Call) -> Result<Query> {
    let list = |name: &str| -> Vec<String> {
        let text = call.query(name).unwrap_or_default();
        text.split(',').filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
    };
    let column = |key: &str| SORT_KEYS.iter().find(|(name, _)| *name == key).map(|row| row.1);
    let sort: Vec<_> = list("sort_keys").iter().filter_map(|key| column(key)).collect();
    let newest_first = sort.is_empty() && call.query("sort_dir").is_none();
    let mut not_any = list("not_tags_any");
    if !flag(call, "show_hidden")? {
        not_any.push(HIDDEN.to_owned());
    }
    Ok(Query {
        project: Reach::of(call)?.only().cloned(),
        filters: filters(|name| call.query_all(name).map(str::to_owned).collect()),
        tags: TagFilter {
            all: list("tags"),
            any: list("tags_any"),
            not_all: list("not_tags"),
            not_any,
        },
        show_deleted: flag(call, "show_deleted")?,
        show_nested: flag(call, "show_nested")?,
        sort,
        descending: newest_first || call.query("sort_dir") == Some("desc"),
        limit: limit(call)?.unwrap_or(MAX_LIMIT),
        marker: call.query("marker").map(str::to_owned),
    })
}

/// A flag of the query; without it, no.
pub(super) fn flag(call: &Call, name: &str) -> Result<bool> {
    call.query(name).map_or(Ok(false), |word| truth(word, name))
}

/// Heat's reading of `limit`, of stacks and of events.
pub(crate) fn limit(call: &Call) -> Result<Option<i64>> {
    let Some(text) = call.query("limit") else { return Ok(None) };
    let limit = text.parse::<i64>().ok().filter(|limit| *limit >= 0);
    limit.map(Some).ok_or_else(|| {
        Error::bad_request(format!(
            "Value '{text}' is invalid for 'limit' which only accepts non-negative integer."
        ))
    })
}

/// Column and accepted values of every filter that is given.
fn filters(given: impl Fn(&str) -> Vec<String>) -> Vec<(&'static str, Vec<String>)> {
    let mut filters: Vec<(&str, Vec<String>)> = Vec::new();
    let mut accept = |column: &'static str, values: Vec<String>| match filters
        .iter_mut()
        .find(|(known, _)| *known == column)
    {
        Some((_, accepted)) => accepted.extend(values),
        None => filters.push((column, values)),
    };
    for (name, column) in FILTERS {
        let values = given(name);
        if values.is_empty() {
            continue;
        }
        if *column != STATUS {
            accept(column, values);
            continue;
        }
        let states: Vec<_> = values.iter().filter_map(|text| state(text)).collect();
        accept(STATUS, states.iter().map(|(_, status)| (*status).to_owned()).collect());
        let actions: Vec<String> = states.into_iter().filter_map(|(action, _)| action).collect();
        if !actions.is_empty() {
            accept(ACTION, actions);
        }
    }
    filters
}

/// `CREATE_FAILED` is an action and a status, `FAILED` a status of any action. What is neither
/// fits no stack.
fn state(text: &str) -> Option<(Option<String>, &'static str)> {
    let status = STATUSES.iter().find(|status| text.ends_with(**status))?;
    let action = text.strip_suffix(status).and_then(|start| start.strip_suffix('_'));
    Some((action.map(str::to_owned), status))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &[(&str, &str)]) -> Vec<(&'static str, Vec<String>)> {
        filters(|name| {
            let values = query.iter().filter(|(key, _)| *key == name);
            values.map(|(_, value)| (*value).to_owned()).collect()
        })
    }

    #[test]
    fn the_names_of_one_column_widen_each_other() {
        let found = of(&[("name", "a"), ("stack_name", "b"), ("tenant", "p")]);
        let expected = [("name", vec!["a".into(), "b".into()]), ("project_id", vec!["p".into()])];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_state_is_an_action_and_a_status() {
        let found = of(&[("stack_status", "CREATE_IN_PROGRESS"), ("action", "UPDATE")]);
        let actions = vec!["UPDATE".to_owned(), "CREATE".to_owned()];
        assert_eq!(found, [("action", actions), ("status", vec!["IN_PROGRESS".to_owned()])]);
        assert_eq!(of(&[("status", "nonsense")]), [("status", Vec::new())]);
    }
}
