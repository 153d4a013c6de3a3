//! What the API shows of a provider.

use kit::http::{Field, Mv, View, since};
use serde_json::{Value, json};

use crate::microversions::{AGGREGATES, ALLOCATIONS_LINK, BASE, TRAITS, TREES};
use crate::model::Provider;

/// What lies below a provider, and since when it is linked to.
static BELOW: &[(&str, Mv)] = &[
    ("inventories", BASE),
    ("usages", BASE),
    ("aggregates", AGGREGATES),
    ("traits", TRAITS),
    ("allocations", ALLOCATIONS_LINK),
];

/// A provider.
pub(super) static PROVIDER: View<Provider> = View(&[
    Field { key: "uuid", versions: &[since(BASE)], rule: None, render: |p, _| json!(p.uuid) },
    Field { key: "name", versions: &[since(BASE)], rule: None, render: |p, _| json!(p.name) },
    Field {
        key: "generation",
        versions: &[since(BASE)],
        rule: None,
        render: |p, _| json!(p.generation),
    },
    Field {
        key: "links",
        versions: &[since(BASE)],
        rule: None,
        render: |p, cx| links(p, cx.version),
    },
    Field {
        key: "parent_provider_uuid",
        versions: &[since(TREES)],
        rule: None,
        render: |_, _| Value::Null,
    },
    Field {
        key: "root_provider_uuid",
        versions: &[since(TREES)],
        rule: None,
        render: |p, _| json!(p.uuid),
    },
]);

fn links(provider: &Provider, version: Mv) -> Value {
    let own = format!("/placement/resource_providers/{}", provider.uuid);
    let below = BELOW.iter().filter(|(_, from)| *from <= version);
    let below = below.map(|(name, _)| json!({"rel": name, "href": format!("{own}/{name}")}));
    std::iter::once(json!({"rel": "self", "href": own})).chain(below).collect()
}
