//! The OpenStack tree: a table of documents by the version that brought them.
//!
//! The documents themselves are compute's, which puts them on config drives too; here older
//! versions lose what came later (`nova/api/metadata/base.py`).

use compute::facade::{GuestFacts, openstack};
use serde_json::Value;

use crate::tree::{Document, Moment};

/// Every version, oldest first.
static VERSIONS: &[&str] = &[
    "2012-08-10",
    "2013-04-04",
    "2013-10-17",
    "2015-10-15",
    "2016-06-30",
    "2016-10-06",
    "2017-02-22",
    "2018-08-27",
    "2020-10-14",
    "2025-04-04",
];

/// A document: its name, the version that brought it, its content if the guest has it.
struct Row {
    name: &'static str,
    since: &'static str,
    render: fn(&GuestFacts, &str, Moment<'_>) -> Option<Document>,
}

/// Every document, in the order of a version's listing.
static DOCUMENTS: &[Row] = &[
    Row { name: "meta_data.json", since: "2012-08-10", render: meta_data },
    Row { name: "user_data", since: "2012-08-10", render: user_data },
    Row {
        name: "password",
        since: "2013-04-04",
        render: |facts, _, _| Some(Document::text(facts.password.as_str())),
    },
    Row { name: "vendor_data.json", since: "2013-10-17", render: vendor_data },
    Row {
        name: "network_data.json",
        since: "2015-10-15",
        render: |facts, _, _| Some(Document::json(openstack::network_data(facts).to_string())),
    },
    Row { name: "vendor_data2.json", since: "2016-10-06", render: vendor_data },
];

/// Keys of `meta_data.json` that came after the first version.
static LATER_KEYS: &[(&str, &str)] = &[
    ("random_seed", "2013-04-04"),
    ("project_id", "2015-10-15"),
    ("devices", "2016-06-30"),
    ("dedicated_cpus", "2020-10-14"),
];

/// What the steps below `/openstack` lead to.
pub(crate) fn lookup(facts: &GuestFacts, steps: &[&str], moment: Moment<'_>) -> Option<Document> {
    match steps {
        [] => Some(Document::text(listing(moment.today))),
        [version] => {
            let version = known(version)?;
            let there = DOCUMENTS.iter().filter(|row| find(row, facts, version, moment).is_some());
            Some(Document::text(there.map(|row| row.name).collect::<Vec<_>>().join("\n")))
        }
        [version, name] => {
            let version = known(version)?;
            let row = DOCUMENTS.iter().find(|row| row.name == *name)?;
            find(row, facts, version, moment)
        }
        [_, _, _, ..] => None,
    }
}

/// Whether a guest may post its password there.
pub(crate) fn takes_password(path: &str) -> bool {
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    let ["openstack", version, name @ "password"] = steps.as_slice() else { return false };
    let row = DOCUMENTS.iter().find(|row| row.name == *name);
    row.zip(known(version)).is_some_and(|(row, version)| row.since <= version)
}

fn listing(today: &str) -> String {
    let past = VERSIONS.iter().copied().filter(|version| *version <= today);
    past.chain(["latest"]).collect::<Vec<_>>().join("\n")
}

fn known(version: &str) -> Option<&'static str> {
    match version {
        "latest" => VERSIONS.last().copied(),
        dated => VERSIONS.iter().copied().find(|known| *known == dated),
    }
}

/// Dates sort as texts.
fn find(row: &Row, facts: &GuestFacts, version: &str, moment: Moment<'_>) -> Option<Document> {
    if row.since <= version { (row.render)(facts, version, moment) } else { None }
}

#[expect(clippy::unnecessary_wraps, reason = "a row's function like the others")]
fn meta_data(facts: &GuestFacts, version: &str, moment: Moment<'_>) -> Option<Document> {
    let mut document = openstack::meta_data(facts, moment.seed);
    if let Value::Object(keys) = &mut document {
        keys.retain(|key, _| {
            LATER_KEYS.iter().all(|(later, since)| later != key || *since <= version)
        });
    }
    Some(Document::json(document.to_string()))
}

fn user_data(facts: &GuestFacts, _: &str, _: Moment<'_>) -> Option<Document> {
    (!facts.user_data.is_empty()).then(|| Document::text(facts.user_data.clone()))
}

#[expect(clippy::unnecessary_wraps, reason = "a row's function like the others")]
fn vendor_data(_: &GuestFacts, _: &str, _: Moment<'_>) -> Option<Document> {
    Some(Document::json(openstack::VENDOR_DATA))
}
