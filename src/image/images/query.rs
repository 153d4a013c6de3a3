//! `GET /images?…`: the query becomes an [`ImageQuery`]. Pure.
//!
//! Glance: `images.RequestDeserializer.index`, `db.sqlalchemy.api._make_conditions_from_filters`.
//! A name that is no column asks for an additional property.

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::ids::ImageId;

use super::model::{Comparison, Condition, ImageQuery, MemberStatus, Shown, Visibility};

/// Glance: `limit_param_default`.
const DEFAULT_LIMIT: i64 = 25;
/// Glance: `api_limit_max`.
const MAX_LIMIT: i64 = 1000;

/// API sort keys and their columns.
pub(crate) static SORT_KEYS: &[(&str, &str)] = &[
    ("name", "name"),
    ("status", "status"),
    ("container_format", "container_format"),
    ("disk_format", "disk_format"),
    ("size", "size_bytes"),
    ("id", "id"),
    ("created_at", "created_at"),
    ("updated_at", "updated_at"),
];

/// Text columns that a filter compares; those of the first kind take `in:` too.
static TEXTS: &[(&str, &str, bool)] = &[
    ("name", "name", true),
    ("id", "id", true),
    ("status", "status", true),
    ("container_format", "container_format", true),
    ("disk_format", "disk_format", true),
    ("owner", "owner", false),
    ("checksum", "checksum", false),
    ("os_hash_value", "hash", false),
];

/// Number columns that a filter compares, with `_min` and `_max` too.
static NUMBERS: &[(&str, &str)] = &[
    ("size", "size_bytes"),
    ("virtual_size", "virtual_size"),
    ("min_ram", "min_ram_mb"),
    ("min_disk", "min_disk_gb"),
];

/// Times are kept finer than the API shows them, and compared as it shows them.
static TIMES: &[(&str, &str)] =
    &[("created_at", "created_at / 1000000"), ("updated_at", "updated_at / 1000000")];

/// Yes or no columns.
static FLAGS: &[(&str, &str)] = &[("protected", "protected"), ("os_hidden", "hidden")];

/// Parameters that are no filters.
const OTHERS: &[&str] =
    &["limit", "marker", "member_status", "sort", "sort_key", "sort_dir", "tag", "visibility"];

type Query = [(String, String)];

/// Reads the whole query.
pub(crate) fn parse(query: &Query) -> Result<ImageQuery> {
    let last = |name: &str| {
        query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    };
    let member_status = last("member_status").map_or(Ok(Some(MemberStatus::Accepted)), member)?;
    let visibility = last("visibility").map_or(Ok(Shown::Usual), shown)?;
    if last("changes-since").is_some_and(|value| !value.is_empty()) {
        return bad("The \"changes-since\" filter is no longer available on v2.");
    }
    Ok(ImageQuery {
        limit: last("limit").map_or(Ok(DEFAULT_LIMIT), limit)?.min(MAX_LIMIT),
        marker: last("marker").map(ImageId::from),
        order: order(query)?,
        conditions: conditions(query)?,
        visibility,
        member_status,
    })
}

fn bad<T>(sentence: impl Into<String>) -> Result<T> {
    Err(Error::bad_request(sentence))
}

fn limit(text: &str) -> Result<i64> {
    match text.trim().parse::<i64>() {
        Err(_) => bad("limit param must be an integer"),
        Ok(limit) if limit < 0 => bad("limit param must be positive"),
        Ok(limit) => Ok(limit),
    }
}

fn member(text: &str) -> Result<Option<MemberStatus>> {
    match (text, MemberStatus::parse(text)) {
        ("all", _) => Ok(None),
        (_, Some(status)) => Ok(Some(status)),
        (_, None) => bad(format!("Invalid status: {text}")),
    }
}

fn shown(text: &str) -> Result<Shown> {
    match (text, Visibility::parse(text)) {
        ("", _) => Ok(Shown::Usual),
        ("all", _) => Ok(Shown::All),
        (_, Some(visibility)) => Ok(Shown::Only(visibility)),
        (_, None) => bad(format!("Invalid visibility value: {text}")),
    }
}

/// Columns and directions; `created_at` and `id` come last, so that no two images tie.
fn order(query: &Query) -> Result<Vec<(&'static str, bool)>> {
    let (keys, directions) = match query.iter().rev().find(|(key, _)| key == "sort") {
        Some((_, text)) => new_order(query, text)?,
        None => classic_order(query)?,
    };
    let usual = match directions.as_slice() {
        [one] => *one,
        _ => true,
    };
    let mut order: Vec<_> = keys
        .into_iter()
        .enumerate()
        .map(|(index, key)| (key, directions.get(index).copied().unwrap_or(usual)))
        .collect();
    for column in ["created_at", "id"] {
        if !order.iter().any(|(key, _)| *key == column) {
            order.push((column, usual));
        }
    }
    Ok(order)
}

type Order = (Vec<&'static str>, Vec<bool>);

/// `sort=name:asc,size`.
fn new_order(query: &Query, text: &str) -> Result<Order> {
    if query.iter().any(|(key, _)| key == "sort_key" || key == "sort_dir") {
        return bad("Old and new sorting syntax cannot be combined");
    }
    let mut order = Order::default();
    for part in text.trim().split(',') {
        let (key, direction) = part.split_once(':').unwrap_or((part, "desc"));
        order.0.push(sort_key(key.trim())?);
        order.1.push(descends(direction.trim())?);
    }
    Ok(order)
}

/// `sort_key=name&sort_dir=asc`, repeated. Glance reads the last pair first.
fn classic_order(query: &Query) -> Result<Order> {
    let values =
        |name: &'static str| query.iter().rev().filter(move |(key, _)| key == name).map(|(_, v)| v);
    let mut keys: Vec<_> =
        values("sort_key").map(|key| sort_key(key.trim())).collect::<Result<_>>()?;
    let directions: Vec<_> =
        values("sort_dir").map(|text| descends(text.trim())).collect::<Result<_>>()?;
    if directions.len() > 1 && directions.len() != keys.len() {
        return bad("Number of sort dirs does not match the number of sort keys");
    }
    if keys.is_empty() {
        keys.push("created_at");
    }
    Ok((keys, directions))
}

fn sort_key(key: &str) -> Result<&'static str> {
    if let Some((_, column)) = SORT_KEYS.iter().find(|(name, _)| *name == key) {
        return Ok(column);
    }
    let names: Vec<&str> = SORT_KEYS.iter().map(|(name, _)| *name).collect();
    bad(format!("Invalid sort key: {key}. It must be one of the following: {}.", names.join(", ")))
}

fn descends(direction: &str) -> Result<bool> {
    match direction {
        "asc" => Ok(false),
        "desc" => Ok(true),
        _ => bad(format!("Invalid sort direction: {direction}")),
    }
}

fn conditions(query: &Query) -> Result<Vec<Condition>> {
    let mut conditions = Vec::new();
    for (name, value) in query.iter().filter(|(name, _)| !OTHERS.contains(&name.as_str())) {
        conditions.push(condition(name, value)?);
    }
    let tags = query.iter().filter(|(name, _)| name == "tag");
    conditions.extend(tags.map(|(_, tag)| Condition::Tag(tag.trim().to_owned())));
    if !query.iter().any(|(name, _)| name == "os_hidden") {
        conditions.push(Condition::Compare("hidden", Comparison::Equal, 0));
    }
    Ok(conditions)
}

fn condition(name: &str, value: &str) -> Result<Condition> {
    let column = |table: &[(&str, &'static str)], name: &str| {
        table.iter().find(|(key, _)| *key == name).map(|(_, column)| *column)
    };
    if let Some((_, column, lists)) = TEXTS.iter().find(|(key, ..)| *key == name) {
        return text(column, *lists, value);
    }
    if let Some(column) = column(FLAGS, name) {
        return flag(name, column, value);
    }
    if let Some(column) = column(TIMES, name) {
        return time(name, column, value);
    }
    if let Some(column) = column(NUMBERS, name) {
        let equal = |number| Condition::Compare(column, Comparison::Equal, number);
        return Ok(value.trim().parse().map_or(Condition::Never, equal));
    }
    let range = name
        .strip_suffix("_min")
        .map(|name| (name, Comparison::GreaterOrEqual))
        .or_else(|| name.strip_suffix("_max").map(|name| (name, Comparison::LessOrEqual)));
    if let Some((base, comparison)) = range
        && let Some(column) = column(NUMBERS, base)
    {
        let Ok(number) = value.trim().parse() else {
            return bad("Unable to filter on a range with a non-numeric value.");
        };
        return Ok(Condition::Compare(column, comparison, number));
    }
    Ok(Condition::Property(name.to_owned(), value.to_owned()))
}

fn text(column: &'static str, lists: bool, value: &str) -> Result<Condition> {
    if !lists {
        return Ok(Condition::OneOf(column, vec![value.to_owned()]));
    }
    match split_operator(value) {
        ("eq", value) => Ok(Condition::OneOf(column, vec![value.to_owned()])),
        ("in", list) => Ok(Condition::OneOf(column, split_list(list)?)),
        (operator @ ("neq" | "gt" | "gte" | "lt" | "lte"), _) => {
            bad(format!("Unable to filter by unknown operator '{operator}'."))
        }
        // Glance refuses any word before a colon; our images have names like `debian:12`.
        (..) => Ok(Condition::OneOf(column, vec![value.to_owned()])),
    }
}

fn flag(name: &str, column: &'static str, value: &str) -> Result<Condition> {
    let lower = value.to_ascii_lowercase();
    // Glance folds the case of one of the two only.
    let word = if name == "os_hidden" { lower.as_str() } else { value };
    let wanted = match word {
        "true" => 1,
        "false" => 0,
        _ => {
            return bad(format!(
                "Invalid value '{word}' for '{name}' filter. Valid values are 'true' or 'false'."
            ));
        }
    };
    Ok(Condition::Compare(column, Comparison::Equal, wanted))
}

fn time(name: &str, column: &'static str, value: &str) -> Result<Condition> {
    let (operator, text) = split_operator(value);
    let Some(time) = Time::parse(text) else {
        return bad(format!("Bad \"{name}\" query filter format. Use ISO 8601 DateTime notation."));
    };
    let comparison = match operator {
        "eq" => Comparison::Equal,
        "neq" => Comparison::NotEqual,
        "gt" => Comparison::Greater,
        "gte" => Comparison::GreaterOrEqual,
        "lt" => Comparison::Less,
        "lte" => Comparison::LessOrEqual,
        _ => return bad("Unable to filter on a unknown operator."),
    };
    Ok(Condition::Compare(column, comparison, time.seconds()))
}

/// `gt:2026-01-01T00:00:00Z`; a time has colons itself and may stand without an operator.
fn split_operator(value: &str) -> (&str, &str) {
    match value.split_once(':') {
        Some(_) if Time::parse(value).is_some() => ("eq", value),
        Some(parts) => parts,
        None => ("eq", value),
    }
}

/// `a,"b,c",d`: quotes keep commas; a backslash keeps a quote.
fn split_list(text: &str) -> Result<Vec<String>> {
    check_quotes(text)?;
    let mut values = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (value, after) = if let Some(quoted) = rest.strip_prefix('"') {
            let end = closing_quote(quoted);
            (quoted.get(..end), quoted.get(end + 1..))
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            (rest.get(..end), rest.get(end..))
        };
        values.push(value.unwrap_or_default().to_owned());
        let after = after.unwrap_or_default();
        rest = after.strip_prefix(',').unwrap_or(after);
    }
    Ok(values)
}

fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    for (index, char) in text.char_indices() {
        match char {
            '"' if !escaped => return index,
            _ => escaped = char == '\\' && !escaped,
        }
    }
    text.len()
}

fn check_quotes(text: &str) -> Result<()> {
    let mut open = false;
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        if char == '"' && before != Some('\\') {
            if !open && !matches!(before, None | Some(',')) {
                return wrong_list(text, "There is no comma before opening quotation mark.");
            }
            if open && !matches!(chars.peek(), None | Some(',')) {
                return wrong_list(text, "There is no comma after closing quotation mark.");
            }
            open = !open;
        }
        before = Some(char);
    }
    if open { wrong_list(text, "The quote is not closed.") } else { Ok(()) }
}

fn wrong_list(text: &str, why: &str) -> Result<()> {
    bad(format!("Invalid filter value {text}. {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<ImageQuery> {
        let pairs: Vec<(String, String)> = text
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        parse(&pairs)
    }

    fn refused(text: &str) -> String {
        parsed(text).unwrap_err().public
    }

    #[test]
    fn without_a_query_the_newest_come_first() {
        assert_eq!(parsed("").unwrap(), ImageQuery::newest(DEFAULT_LIMIT));
    }

    #[test]
    fn both_ways_to_sort_are_read() {
        let new = parsed("sort=name:asc,size").unwrap();
        let expected = [("name", false), ("size_bytes", true), ("created_at", true), ("id", true)];
        assert_eq!(new.order, expected);
        let classic = parsed("sort_key=name&sort_dir=asc").unwrap();
        assert_eq!(classic.order, [("name", false), ("created_at", false), ("id", false)]);
        assert!(refused("sort=name&sort_key=name").starts_with("Old and new"));
        assert!(refused("sort_key=x").starts_with("Invalid sort key: x."));
    }

    #[test]
    fn filters_find_their_columns() {
        let first = |text: &str| parsed(text).unwrap().conditions.remove(0);
        let of = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        assert_eq!(first("name=in:a,\"b,c\""), Condition::OneOf("name", of(&["a", "b,c"])));
        assert_eq!(first("name=x"), Condition::OneOf("name", of(&["x"])));
        assert_eq!(first("name=debian:12"), Condition::OneOf("name", of(&["debian:12"])));
        assert_eq!(
            first("size_min=5"),
            Condition::Compare("size_bytes", Comparison::GreaterOrEqual, 5)
        );
        assert_eq!(
            first("created_at=gt:1970-01-01T00:00:01Z"),
            Condition::Compare("created_at / 1000000", Comparison::Greater, 1)
        );
        assert_eq!(first("os_distro=x"), Condition::Property("os_distro".into(), "x".into()));
        assert_eq!(first("size=x"), Condition::Never);
    }

    #[test]
    fn wrong_values_are_told_in_glances_words() {
        for (text, sentence) in [
            ("limit=-1", "limit param must be positive"),
            ("limit=x", "limit param must be an integer"),
            ("member_status=x", "Invalid status: x"),
            ("visibility=x", "Invalid visibility value: x"),
            ("name=gt:x", "Unable to filter by unknown operator 'gt'."),
            ("name=in:\"a", "Invalid filter value \"a. The quote is not closed."),
            ("size_max=x", "Unable to filter on a range with a non-numeric value."),
            (
                "protected=x",
                "Invalid value 'x' for 'protected' filter. Valid values are 'true' or 'false'.",
            ),
            (
                "created_at=x",
                "Bad \"created_at\" query filter format. Use ISO 8601 DateTime notation.",
            ),
        ] {
            assert_eq!(refused(text), sentence);
        }
    }
}
