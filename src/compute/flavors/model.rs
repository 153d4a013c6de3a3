//! A flavor as it is kept.

use std::collections::BTreeMap;

use kit::clock::Time;
use kit::ids::{FlavorId, ProjectId};

/// Extra specs: key and value, sorted.
pub(crate) type ExtraSpecs = BTreeMap<String, String>;

/// The size of a server.
#[derive(Clone, Debug, PartialEq)]
pub struct Flavor {
    /// The id that the API shows (Nova: `flavorid`); operators may choose any text.
    pub id: FlavorId,
    /// The name; unique.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Virtual CPUs.
    pub vcpus: i64,
    /// Memory, MiB.
    pub ram_mb: i64,
    /// Root disk, GiB; 0 means what the image needs.
    pub disk_gb: i64,
    /// A second disk, GiB.
    pub ephemeral_gb: i64,
    /// Swap, MiB.
    pub swap_mb: i64,
    /// Network weight; kept for old clients, without effect as in Nova.
    pub rxtx_factor: f64,
    /// Everybody may use it; otherwise only the projects with access.
    pub is_public: bool,
    /// Not offered any more.
    pub disabled: bool,
    /// Hints to the scheduler and the engine.
    pub extra_specs: ExtraSpecs,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Option<Time>,
}

/// A page of flavors: what to show, from where, in which order.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) min_ram_mb: i64,
    pub(crate) min_disk_gb: i64,
    pub(crate) name: Option<String>,
    /// `None`: public and private ones.
    pub(crate) is_public: Option<bool>,
    /// Public ones, and the private ones of this project; `None`: all.
    pub(crate) visible_to: Option<ProjectId>,
    /// A column of [`SORT_KEYS`].
    pub(crate) sort_key: String,
    pub(crate) descending: bool,
    pub(crate) limit: i64,
    pub(crate) marker: Option<String>,
}

/// API sort keys and their columns (Nova: `flavors.py`, the schema's enumeration).
pub(crate) static SORT_KEYS: &[(&str, &str)] = &[
    ("created_at", "created_at"),
    ("description", "description"),
    ("disabled", "disabled"),
    ("ephemeral_gb", "ephemeral_gb"),
    ("flavorid", "id"),
    ("id", "row"),
    ("is_public", "is_public"),
    ("memory_mb", "ram_mb"),
    ("name", "name"),
    ("root_gb", "disk_gb"),
    ("rxtx_factor", "rxtx_factor"),
    ("swap", "swap_mb"),
    ("updated_at", "updated_at"),
    ("vcpu_weight", "row"),
    ("vcpus", "vcpus"),
];
