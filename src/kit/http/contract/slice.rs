//! One document, many versions: cuts a schema with `x-openstack` ranges down to what holds at a
//! version.
//!
//! A slice is made when it is first asked for and kept for its interval: a hundred versions share
//! the handful of slices between the boundaries that a document names. Only [`super::Contract`]
//! calls this; what the vocabulary means is told in `api-ref/README.md`.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Map, Value};

/// A microversion, major and minor.
pub type Version = (u16, u16);

const MARK: &str = "x-openstack";
const VARIANTS: &str = "x-variants";

/// The versions something is there in, both ends included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The first version, if not all of old.
    pub min: Option<Version>,
    /// The last version, if not all to come.
    pub max: Option<Version>,
}

impl Range {
    /// Whether `version` lies in the range.
    pub fn contains(&self, version: Version) -> bool {
        self.min.is_none_or(|min| min <= version) && self.max.is_none_or(|max| version <= max)
    }
}

/// The content of an `x-openstack` member.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Mark {
    min_ver: Option<String>,
    max_ver: Option<String>,
    pub(super) repeat: Option<bool>,
}

impl Mark {
    /// The mark of a schema; one without it is marked with nothing.
    pub(super) fn of(node: &Value) -> Result<Self, String> {
        match node.get(MARK) {
            Some(mark) => Self::deserialize(mark).map_err(|error| format!("{MARK}: {error}")),
            None => Ok(Self::default()),
        }
    }

    pub(super) fn range(&self) -> Result<Range, String> {
        let bound = |text: &Option<String>| text.as_deref().map(version).transpose();
        Ok(Range { min: bound(&self.min_ver)?, max: bound(&self.max_ver)? })
    }
}

/// Moves the mark of `schema` to `outer`, which takes its place.
pub(super) fn hand_over_mark(schema: &mut Value, outer: &mut Map<String, Value>) {
    if let Some(mark) = schema.as_object_mut().and_then(|node| node.shift_remove(MARK)) {
        outer.insert(MARK.to_owned(), mark);
    }
}

fn version(text: &str) -> Result<Version, String> {
    text.split_once('.')
        .and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)))
        .ok_or_else(|| format!("'{text}' is not a version"))
}

/// A schema and its slices.
#[derive(Debug)]
pub(super) struct Sliced {
    node: Value,
    /// Where a new interval begins, oldest first.
    starts: Vec<Version>,
    /// One slice per interval; the first is older than all of `starts`.
    slices: Vec<OnceLock<Option<Value>>>,
}

impl Sliced {
    /// Checks every mark in `node`, so that slicing cannot fail later.
    pub(super) fn new(node: Value) -> Result<Self, String> {
        let mut starts = BTreeSet::new();
        collect_starts(&node, &mut starts)?;
        let slices = (0..=starts.len()).map(|_| OnceLock::new()).collect();
        Ok(Self { node, starts: starts.into_iter().collect(), slices })
    }

    /// The plain JSON schema at `version`, or `None` when there is none at that version.
    pub(super) fn at(&self, version: Option<Version>) -> Option<&Value> {
        let version = version.unwrap_or_default();
        let interval = self.starts.partition_point(|start| *start <= version);
        self.slices.get(interval)?.get_or_init(|| slice(&self.node, version)).as_ref()
    }
}

fn collect_starts(node: &Value, starts: &mut BTreeSet<Version>) -> Result<(), String> {
    let range = Mark::of(node)?.range()?;
    starts.extend(range.min);
    starts.extend(range.max.map(|(major, minor)| (major, minor + 1)));
    match node {
        Value::Object(members) => {
            members.values().try_for_each(|node| collect_starts(node, starts))
        }
        Value::Array(items) => items.iter().try_for_each(|node| collect_starts(node, starts)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

/// `node` at `version`; `None` if it is not there.
fn slice(node: &Value, version: Version) -> Option<Value> {
    match node {
        Value::Object(members) => slice_members(node, members, version),
        Value::Array(items) => Some(items.iter().filter_map(|item| slice(item, version)).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Some(node.clone()),
    }
}

fn slice_members(node: &Value, members: &Map<String, Value>, version: Version) -> Option<Value> {
    let range = Mark::of(node).and_then(|mark| mark.range()).unwrap_or_default();
    if !range.contains(version) {
        return None;
    }
    if let Some(variants) = members.get(VARIANTS).and_then(Value::as_array) {
        return variants.iter().find_map(|variant| slice(variant, version));
    }
    if let Some(bare) = bare_value(members) {
        return Some(bare.clone());
    }
    let kept = members.iter().filter(|(name, _)| *name != MARK);
    Some(kept.filter_map(|(name, node)| Some((name.clone(), slice(node, version)?))).collect())
}

/// What cannot carry a mark itself is wrapped: `{name: networks, x-openstack: …}` in a list of
/// names, `{value: false, x-openstack: …}` anywhere.
fn bare_value(members: &Map<String, Value>) -> Option<&Value> {
    let wrapped = members.contains_key(MARK) && members.len() == 2;
    members.get("name").or(members.get("value")).filter(|_| wrapped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sliced(node: Value) -> Sliced {
        Sliced::new(node).unwrap()
    }

    #[test]
    fn a_slice_holds_what_is_there_at_the_version() {
        let schema = sliced(json!({
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "tags": {"x-openstack": {"min-ver": "2.52"}, "type": "array"},
                "personality": {"x-openstack": {"max-ver": "2.56"}, "type": "array"},
                "networks": {"x-variants": [
                    {"x-openstack": {"max-ver": "2.36"}, "type": "array"},
                    {"type": ["array", "string"]},
                ]},
                "state": {"enum": ["on", {"value": "off", "x-openstack": {"min-ver": "2.60"}}]},
            },
            "required": ["name", {"name": "networks", "x-openstack": {"min-ver": "2.37"}}],
            "additionalProperties": {"value": false, "x-openstack": {"min-ver": "2.75"}},
        }));
        let names = |version| {
            let schema = schema.at(Some(version)).unwrap();
            schema["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
        };
        assert_eq!(names((2, 1)), ["name", "personality", "networks", "state"]);
        assert_eq!(names((2, 52)), ["name", "tags", "personality", "networks", "state"]);
        assert_eq!(names((2, 57)), ["name", "tags", "networks", "state"]);

        let old = schema.at(Some((2, 36))).unwrap();
        let new = schema.at(Some((2, 96))).unwrap();
        assert_eq!(old["required"], json!(["name"]));
        assert_eq!(new["required"], json!(["name", "networks"]));
        assert_eq!(old.get("additionalProperties"), None);
        assert_eq!(new["additionalProperties"], json!(false));
        assert_eq!(old["properties"]["networks"], json!({"type": "array"}));
        assert_eq!(new["properties"]["networks"], json!({"type": ["array", "string"]}));
        assert_eq!(new["properties"]["state"], json!({"enum": ["on", "off"]}));
    }

    #[test]
    fn versions_of_one_interval_share_a_slice() {
        let schema = sliced(json!({"items": {"x-openstack": {"min-ver": "2.19"}}}));
        let at = |minor| schema.at(Some((2, minor))).unwrap();
        assert!(std::ptr::eq(at(19), at(96)));
        assert!(!std::ptr::eq(at(18), at(19)));
    }

    #[test]
    fn a_schema_out_of_range_is_absent() {
        let schema = sliced(json!({"x-openstack": {"max-ver": "2.1"}, "type": "null"}));
        assert!(schema.at(Some((2, 1))).is_some());
        assert!(schema.at(Some((2, 2))).is_none());
    }

    #[test]
    fn a_mistyped_mark_is_refused() {
        assert!(Sliced::new(json!({"x-openstack": {"min": "2.1"}})).is_err());
        assert!(Sliced::new(json!([{"x-openstack": {"min-ver": "latest"}}])).is_err());
    }
}
