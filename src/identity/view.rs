//! What all answers of Keystone share: the link of a row, and collections with filters, pages and
//! links (`keystone/server/flask/common.py`). The `api.rs` of every resource calls it.

use kit::error::Result;
use kit::http::{ALWAYS, Call, Cx, Field, Page, Reply, encode_query};
use serde_json::{Value, json};

use crate::access::is_true;

/// Upstream's own ceiling (`[DEFAULT] max_db_limit`).
const MAX_PAGE: i64 = 1000;

/// A field that every version shows to everybody: identity has no microversions.
pub(crate) const fn field<T>(key: &'static str, render: fn(&T, &Cx<'_>) -> Value) -> Field<T> {
    Field { key, versions: &[ALWAYS], rule: None, render }
}

/// The row with the link to itself.
pub(crate) fn with_self(call: &Call, path: &str, mut row: Value) -> Value {
    set(&mut row, "links", json!({"self": call.links.path(path)}));
    row
}

/// Adds a member to an object.
pub(crate) fn set(object: &mut Value, key: &str, value: impl Into<Value>) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value.into());
    }
}

/// A list: the rows that the query's filters leave, one page of them, and its links.
///
/// `filters` are the attributes that the query may name, alone (`name=x`) or with a comparison
/// (`name__icontains=x`). The rows come in the order of their ids.
pub(crate) fn collection(
    call: &Call,
    key: &str,
    rows: Vec<Value>,
    filters: &[&str],
) -> Result<Reply> {
    let mut rows = filtered(call, rows, filters);
    let mut next = Value::Null;
    let mut truncated = false;
    if call.query("limit").is_some() || call.query("marker").is_some() {
        let page = Page::from(call, MAX_PAGE)?;
        rows.retain(|row| page.marker.as_deref().is_none_or(|marker| id(row) > marker));
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        truncated = limit > 0 && rows.len() > limit;
        if truncated {
            rows.truncate(limit);
            let last = rows.last().map(id);
            next = json!(page.next(call, &own_path(call), rows.len(), last));
        }
    }
    let mut body = json!({key: rows, "links": links(call, &next)});
    if truncated {
        set(&mut body, "truncated", true);
    }
    Ok(Reply::json(body))
}

fn links(call: &Call, next: &Value) -> Value {
    json!({"next": next, "self": own_url(call), "previous": null})
}

/// The URL of the request, with its query.
pub(crate) fn own_url(call: &Call) -> String {
    let query: Vec<String> = call
        .query
        .iter()
        .map(|(key, value)| match value.as_str() {
            "" => encode_query(key).to_string(),
            value => format!("{}={}", encode_query(key), encode_query(value)),
        })
        .collect();
    let path = call.links.path(&own_path(call));
    if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
}

fn own_path(call: &Call) -> String {
    call.path.iter().fold(call.operation.path.to_owned(), |path, (name, value)| {
        path.replace(&format!("{{{name}}}"), value)
    })
}

fn id(row: &Value) -> &str {
    row.get("id").and_then(Value::as_str).unwrap_or_default()
}

fn filtered(call: &Call, mut rows: Vec<Value>, filters: &[&str]) -> Vec<Value> {
    for (key, wanted) in &call.query {
        let (attribute, comparison) = key.split_once("__").unwrap_or((key, ""));
        if filters.contains(&attribute) {
            rows.retain(|row| matches(row.get(attribute), comparison, wanted));
        }
    }
    rows
}

/// A comparison that nobody knows is no filter.
fn matches(have: Option<&Value>, comparison: &str, wanted: &str) -> bool {
    match have {
        Some(Value::Bool(have)) => *have == is_true(wanted),
        Some(Value::String(have)) => match comparison.strip_prefix('i') {
            Some(comparison) => compare(&have.to_lowercase(), comparison, &wanted.to_lowercase()),
            None => compare(have, comparison, wanted),
        },
        Some(Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_)) | None => false,
    }
}

fn compare(have: &str, comparison: &str, wanted: &str) -> bool {
    match comparison {
        "" => have == wanted,
        "contains" => have.contains(wanted),
        "startswith" => have.starts_with(wanted),
        "endswith" => have.ends_with(wanted),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_compared_in_keystones_ways() {
        let name = json!("Web-Server");
        for (comparison, wanted, holds) in [
            ("", "Web-Server", true),
            ("", "web-server", false),
            ("contains", "Server", true),
            ("icontains", "SERVER", true),
            ("startswith", "Server", false),
            ("iendswith", "SERVER", true),
            ("like", "anything", true),
        ] {
            assert_eq!(matches(Some(&name), comparison, wanted), holds, "{comparison} {wanted}");
        }
    }

    #[test]
    fn a_truth_has_many_spellings_and_nothing_matches_nothing() {
        assert!(matches(Some(&json!(true)), "", ""));
        assert!(matches(Some(&json!(false)), "", "0"));
        assert!(!matches(Some(&json!(true)), "", "False"));
        assert!(!matches(Some(&Value::Null), "", "x"));
        assert!(!matches(None, "", "x"));
    }
}
