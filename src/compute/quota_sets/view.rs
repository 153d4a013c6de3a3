//! What the API shows of limits: which resources, at which versions.

use kit::http::{Mv, Span, between, since};
use serde_json::{Map, Value, json};

use super::model::{Quota, Quotas};
use crate::microversions::{BASE, PERSONALITY_GONE, PROXIES_GONE, QUOTA_CLASS_GROUPS};

/// When a resource is shown in quota sets and in quota class sets.
pub(crate) struct Shown {
    pub(crate) name: &'static str,
    in_sets: Span,
    in_classes: Span,
}

const ALWAYS: Span = since(BASE);
const FILES: Span = between(BASE, PERSONALITY_GONE);
const PROXIED: Span = between(BASE, PROXIES_GONE);
/// Quota classes kept the resources of the network longer, and got those of server groups later.
const CLASS_PROXIED: Span = between(BASE, QUOTA_CLASS_GROUPS);
const CLASS_GROUPS: Span = since(QUOTA_CLASS_GROUPS);

/// One row per resource, in Nova's order.
pub(crate) static SHOWN: &[Shown] = &[
    Shown { name: "cores", in_sets: ALWAYS, in_classes: ALWAYS },
    Shown { name: "fixed_ips", in_sets: PROXIED, in_classes: CLASS_PROXIED },
    Shown { name: "floating_ips", in_sets: PROXIED, in_classes: CLASS_PROXIED },
    Shown { name: "injected_file_content_bytes", in_sets: FILES, in_classes: FILES },
    Shown { name: "injected_file_path_bytes", in_sets: FILES, in_classes: FILES },
    Shown { name: "injected_files", in_sets: FILES, in_classes: FILES },
    Shown { name: "instances", in_sets: ALWAYS, in_classes: ALWAYS },
    Shown { name: "key_pairs", in_sets: ALWAYS, in_classes: ALWAYS },
    Shown { name: "metadata_items", in_sets: ALWAYS, in_classes: ALWAYS },
    Shown { name: "ram", in_sets: ALWAYS, in_classes: ALWAYS },
    Shown { name: "security_group_rules", in_sets: PROXIED, in_classes: CLASS_PROXIED },
    Shown { name: "security_groups", in_sets: PROXIED, in_classes: CLASS_PROXIED },
    Shown { name: "server_group_members", in_sets: ALWAYS, in_classes: CLASS_GROUPS },
    Shown { name: "server_groups", in_sets: ALWAYS, in_classes: CLASS_GROUPS },
];

/// A quota set: an id where the answer has one, then each resource as `render` shows it.
pub(crate) fn quota_set(
    id: Option<&str>,
    quotas: &Quotas,
    version: Mv,
    render: fn(&Quota) -> Value,
) -> Value {
    let shown = SHOWN.iter().filter(|row| row.in_sets.contains(version));
    json!({"quota_set": object(id, quotas, shown, render)})
}

/// A quota class set.
pub(crate) fn quota_class_set(id: Option<&str>, quotas: &Quotas, version: Mv) -> Value {
    let shown = SHOWN.iter().filter(|row| row.in_classes.contains(version));
    json!({"quota_class_set": object(id, quotas, shown, limit)})
}

/// A resource as its limit.
pub(crate) fn limit(quota: &Quota) -> Value {
    json!(quota.limit)
}

/// A resource with its usage. Nothing is ever reserved.
pub(crate) fn detail(quota: &Quota) -> Value {
    json!({"limit": quota.limit, "in_use": quota.in_use, "reserved": 0})
}

fn object(
    id: Option<&str>,
    quotas: &Quotas,
    shown: impl Iterator<Item = &'static Shown>,
    render: fn(&Quota) -> Value,
) -> Map<String, Value> {
    let id = id.map(|id| ("id".to_owned(), json!(id)));
    let rows = shown
        .filter_map(|row| quotas.get(row.name).map(|quota| (row.name.to_owned(), render(quota))));
    id.into_iter().chain(rows).collect()
}
