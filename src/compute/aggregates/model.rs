//! A host aggregate as it is kept.

use std::collections::BTreeMap;

use kit::clock::Time;
use kit::ids::AggregateId;

/// The key of the metadata that names the availability zone of the hosts.
pub(crate) const ZONE: &str = "availability_zone";

/// Hosts with metadata.
#[derive(Clone, Debug)]
pub(crate) struct Aggregate {
    /// The integer that the API calls `id`; 0 before the aggregate is stored.
    pub(crate) row: i64,
    pub(crate) id: AggregateId,
    pub(crate) name: String,
    pub(crate) hosts: Vec<String>,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) created_at: Time,
    pub(crate) updated_at: Option<Time>,
}

impl Aggregate {
    /// The availability zone that its hosts are in through it.
    pub(crate) fn zone(&self) -> Option<&str> {
        self.metadata.get(ZONE).map(String::as_str)
    }
}

/// Changes of metadata: a value, or `None` to take the key away.
pub(crate) type Changes = BTreeMap<String, Option<String>>;
