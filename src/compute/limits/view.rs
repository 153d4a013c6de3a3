//! The names of limits, and when they are shown.

use kit::http::{Mv, Span, between, since};
use serde_json::{Map, Value, json};

use crate::microversions::{BASE, IMAGE_METADATA_GONE, PERSONALITY_GONE, PROXIES_GONE};
use crate::quota_sets::model::{Quota, Quotas};

/// One number of the answer.
struct Limit {
    key: &'static str,
    resource: &'static str,
    versions: Span,
    value: fn(&Quota) -> i64,
}

const ALWAYS: Span = since(BASE);
const FILES: Span = between(BASE, PERSONALITY_GONE);
const PROXIED: Span = between(BASE, PROXIES_GONE);
const IMAGES: Span = between(BASE, IMAGE_METADATA_GONE);

const fn limit(key: &'static str, resource: &'static str, versions: Span) -> Limit {
    Limit { key, resource, versions, value: |quota| quota.limit }
}

const fn used(key: &'static str, resource: &'static str, versions: Span) -> Limit {
    Limit { key, resource, versions, value: |quota| quota.in_use }
}

static LIMITS: &[Limit] = &[
    limit("maxTotalCores", "cores", ALWAYS),
    limit("maxPersonality", "injected_files", FILES),
    limit("maxPersonalitySize", "injected_file_content_bytes", FILES),
    limit("maxTotalInstances", "instances", ALWAYS),
    limit("maxTotalKeypairs", "key_pairs", ALWAYS),
    limit("maxServerMeta", "metadata_items", ALWAYS),
    limit("maxImageMeta", "metadata_items", IMAGES),
    limit("maxTotalRAMSize", "ram", ALWAYS),
    limit("maxServerGroups", "server_groups", ALWAYS),
    limit("maxServerGroupMembers", "server_group_members", ALWAYS),
    limit("maxTotalFloatingIps", "floating_ips", PROXIED),
    limit("maxSecurityGroups", "security_groups", PROXIED),
    limit("maxSecurityGroupRules", "security_group_rules", PROXIED),
    used("totalRAMUsed", "ram", ALWAYS),
    used("totalCoresUsed", "cores", ALWAYS),
    used("totalInstancesUsed", "instances", ALWAYS),
    used("totalFloatingIpsUsed", "floating_ips", PROXIED),
    used("totalSecurityGroupsUsed", "security_groups", PROXIED),
    used("totalServerGroupsUsed", "server_groups", ALWAYS),
];

/// Every number that this version shows.
pub(super) fn absolute(quotas: &Quotas, version: Mv) -> Value {
    let shown = LIMITS.iter().filter(|row| row.versions.contains(version));
    let number = |row: &Limit| {
        let quota = quotas.get(row.resource)?;
        Some((row.key.to_owned(), json!((row.value)(quota))))
    };
    Value::Object(shown.filter_map(number).collect::<Map<_, _>>())
}
