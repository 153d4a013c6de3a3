//! Lists as Neutron gives them: filtered by any attribute, sorted, cut into pages, reduced to
//! fields.
//!
//! A list that can grow long is read a page at a time (`store.rs`). What is no table, and what a
//! quota keeps short, is cut here, out of what the views rendered; and a test holds the one way to
//! the other.

pub(crate) mod store;

use std::cmp::Ordering;

use kit::error::{Error, Result};
use kit::http::pyrepr::Quoted;
use kit::http::{Call, query_string};
use serde_json::{Value, json};

use crate::attributes::{self, Attribute};
use crate::checks::{self, Bad};
use crate::errors;

/// Parameters that are no filters.
static NOT_FILTERS: &[&str] =
    &["fields", "sort_key", "sort_dir", "limit", "marker", "page_reverse"];
/// Filters that name no attribute: tags, and changes since a time.
static TAG_FILTERS: &[&str] = &["tags", "tags-any", "not-tags", "not-tags-any"];
const CHANGED_SINCE: &str = "changed_since";

/// What a request wants of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Listing {
    /// Attribute, and the values of which it must have one.
    filters: Vec<(String, Vec<Value>)>,
    /// Keys to keep; all when empty.
    fields: Vec<String>,
    /// Keys, and whether they ascend.
    sorts: Vec<(String, bool)>,
    /// Rows at most; 0 means all.
    limit: usize,
    /// The row that the page begins behind, or ends before.
    marker: Option<String>,
    reverse: bool,
}

impl Listing {
    /// Reads the query of a list.
    pub(crate) fn parse(query: &[(String, String)], own: &'static [Attribute]) -> Result<Self> {
        let values = |name: &'static str| {
            query.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.clone())
        };
        Ok(Self {
            filters: filters(query, own)?,
            fields: values("fields").filter(|field| !field.is_empty()).collect(),
            sorts: sorts(values("sort_key").collect(), values("sort_dir").collect(), own)?,
            limit: limit(values("limit").next_back().as_deref())?,
            marker: values("marker").next_back(),
            reverse: values("page_reverse")
                .next_back()
                .is_some_and(|text| text.eq_ignore_ascii_case("true")),
        })
    }

    /// Where the page begins; a list that is not cut is given whole.
    pub(crate) fn marker(&self) -> Option<&str> {
        self.marker.as_deref().filter(|_| self.limit > 0)
    }

    /// Whether so many rows are a page.
    pub(crate) fn is_full(&self, rows: usize) -> bool {
        self.limit > 0 && rows >= self.limit
    }

    /// Rows as they were read, the nearest to the marker first, in the order of the answer.
    pub(crate) fn arrange<T>(&self, mut rows: Vec<T>) -> Vec<T> {
        if self.limit > 0 && self.reverse {
            rows.reverse();
        }
        rows
    }

    /// The page of the rows; `None` when the marker names none of them.
    pub(crate) fn page(&self, rows: Vec<Value>) -> Option<Vec<Value>> {
        let mut rows: Vec<Value> = rows.into_iter().filter(|row| self.matches(row)).collect();
        rows.sort_by(|a, b| self.order(a, b));
        if self.limit == 0 {
            return Some(rows);
        }
        let at = match &self.marker {
            None if self.reverse => rows.len(),
            None => 0,
            Some(marker) => {
                let found = rows.iter().position(|row| row["id"] == marker.as_str())?;
                if self.reverse { found } else { found + 1 }
            }
        };
        let range = if self.reverse {
            at.saturating_sub(self.limit)..at
        } else {
            at..at.saturating_add(self.limit).min(rows.len())
        };
        Some(rows.drain(range).collect())
    }

    /// The row with the fields asked for, in the row's own order.
    pub(crate) fn reduce(&self, row: Value) -> Value {
        match row {
            Value::Object(members) if !self.fields.is_empty() => Value::Object(
                members.into_iter().filter(|(key, _)| self.fields.contains(key)).collect(),
            ),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => row,
        }
    }

    /// Links to the pages beside this one.
    pub(crate) fn links(&self, call: &Call, path: &str, page: &[Value]) -> Option<Value> {
        if self.limit == 0 {
            return None;
        }
        let short = page.len() < self.limit;
        let mut links = Vec::new();
        if !short || self.reverse {
            links.push(json!({"rel": "next", "href": link(call, path, page.last(), false)}));
        }
        if !short || !self.reverse {
            links.push(json!({"rel": "previous", "href": link(call, path, page.first(), true)}));
        }
        Some(Value::Array(links))
    }

    fn matches(&self, row: &Value) -> bool {
        self.filters.iter().all(|(key, wanted)| match key.as_str() {
            CHANGED_SINCE => wanted.iter().any(|since| {
                row["updated_at"]
                    .as_str()
                    .zip(since.as_str())
                    .is_some_and(|(at, since)| at >= since)
            }),
            key if TAG_FILTERS.contains(&key) => wanted.iter().all(|words| tagged(row, key, words)),
            "fixed_ips" => has_address(&row["fixed_ips"], wanted),
            key => wanted.iter().any(|value| is(&row[key], value)),
        })
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        let by = |key: &str, ascending: bool| {
            let order = compare(&a[key], &b[key]);
            if ascending { order } else { order.reverse() }
        };
        let given = self.sorts.iter().map(|(key, ascending)| by(key, *ascending));
        given.chain([by("id", true)]).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

fn link(call: &Call, path: &str, edge: Option<&Value>, reverse: bool) -> String {
    let kept = call.query.iter().filter(|(key, _)| key != "marker" && key != "page_reverse");
    let marker = edge.and_then(|row| row["id"].as_str()).map(|id| ("marker", id));
    let query = kept
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .chain(marker)
        .chain(reverse.then_some(("page_reverse", "True")));
    format!("{}?{}", call.links.path(path), query_string(query))
}

fn filters(
    query: &[(String, String)],
    own: &'static [Attribute],
) -> Result<Vec<(String, Vec<Value>)>> {
    let mut filters: Vec<(String, Vec<Value>)> = Vec::new();
    let mut unknown = Vec::new();
    for (key, text) in query.iter().filter(|(key, _)| !NOT_FILTERS.contains(&key.as_str())) {
        let Some(value) = filter_value(key, text, own)? else {
            unknown.push(Quoted(key).to_string());
            continue;
        };
        match filters.iter_mut().find(|(other, _)| other == key) {
            Some((_, values)) => values.push(value),
            None => filters.push((key.clone(), vec![value])),
        }
    }
    if unknown.is_empty() {
        return Ok(filters);
    }
    Err(Error::bad_request(format!("[{}] is invalid attribute for filtering", unknown.join(", "))))
}

/// `None` when one cannot filter by the key.
fn filter_value(key: &str, text: &str, own: &'static [Attribute]) -> Result<Option<Value>> {
    let plain = Value::from(text);
    if TAG_FILTERS.contains(&key) || key == CHANGED_SINCE {
        return Ok(Some(plain));
    }
    let Some(attribute) = attributes::find(own, key).filter(|attribute| attribute.filter) else {
        return Ok(None);
    };
    if !std::ptr::fn_addr_eq(attribute.check, checks::boolean as checks::Check) {
        return Ok(Some(plain));
    }
    match checks::boolean(&plain) {
        Ok(value) => Ok(Some(value)),
        Err(Bad::Whole(error)) => Err(error),
        Err(Bad::Reason(reason)) => Err(errors::invalid_input(reason)),
    }
}

fn sorts(
    keys: Vec<String>,
    directions: Vec<String>,
    own: &'static [Attribute],
) -> Result<Vec<(String, bool)>> {
    if keys.len() != directions.len() {
        return Err(Error::bad_request("The number of sort_keys and sort_dirs must be same"));
    }
    let quoted = |words: Vec<&String>| {
        let quoted: Vec<String> = words.iter().map(|word| Quoted(word).to_string()).collect();
        format!("[{}]", quoted.join(", "))
    };
    let sortable =
        |key: &&String| attributes::find(own, key).is_some_and(|attribute| attribute.sort);
    let absent: Vec<_> = keys.iter().filter(|key| !sortable(key)).collect();
    if !absent.is_empty() {
        return Err(Error::bad_request(format!(
            "{} is invalid attribute for sort_keys",
            quoted(absent)
        )));
    }
    let invalid: Vec<_> =
        directions.iter().filter(|word| !matches!(word.as_str(), "asc" | "desc")).collect();
    if !invalid.is_empty() {
        return Err(Error::bad_request(format!(
            "{} is invalid value for sort_dirs, valid value is 'asc' and 'desc'",
            quoted(invalid)
        )));
    }
    Ok(keys.into_iter().zip(directions.into_iter().map(|word| word == "asc")).collect())
}

fn limit(text: Option<&str>) -> Result<usize> {
    let text = text.unwrap_or("0");
    text.parse().map_err(|_| {
        errors::bad_resource(
            "limit",
            format!("Limit must be an integer 0 or greater and not '{text}'"),
        )
    })
}

/// Whether an attribute has a value, or holds it when it is a list.
fn is(have: &Value, wanted: &Value) -> bool {
    match (have, wanted) {
        (Value::Array(items), _) => items.iter().any(|item| is(item, wanted)),
        (Value::Number(number), Value::String(text)) => number.to_string() == *text,
        (Value::Null, Value::String(text)) => text.is_empty(),
        (_, _) => have == wanted,
    }
}

/// `fixed_ips=ip_address=…`: several of one key are alternatives, different keys must all hold.
fn has_address(have: &Value, wanted: &[Value]) -> bool {
    let pairs: Vec<(&str, &str)> =
        wanted.iter().filter_map(|value| value.as_str()?.split_once('=')).collect();
    let holds = |item: &Value, (key, value): (&str, &str)| match key {
        "ip_address_substr" => item["ip_address"].as_str().is_some_and(|text| text.contains(value)),
        key => item[key] == value,
    };
    let any = |item: &Value, key: &str| {
        pairs.iter().filter(|(other, _)| *other == key).any(|pair| holds(item, *pair))
    };
    let items = have.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().any(|item| pairs.iter().all(|(key, _)| any(item, key)))
}

fn tagged(row: &Value, filter: &str, words: &Value) -> bool {
    let has =
        |word: &str| row["tags"].as_array().is_some_and(|tags| tags.iter().any(|t| t == word));
    let mut words = words.as_str().unwrap_or_default().split(',');
    match filter {
        "tags" => words.all(has),
        "tags-any" => words.any(has),
        "not-tags" => !words.all(has),
        _ => !words.any(has),
    }
}

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_i64().cmp(&b.as_i64()),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        (_, _) => Ordering::Equal,
    }
}

#[cfg(test)]
mod tests;
