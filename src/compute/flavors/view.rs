//! What the API shows of a flavor.

use kit::http::{Cx, Field, View, between, since};
use serde_json::{Value, json};

use super::model::Flavor;
use crate::microversions::{
    BASE, FLAVOR_CLEANUP, FLAVOR_DESCRIPTION, FLAVOR_EXTRA_SPECS, STRICT_PARAMETERS,
};
use crate::policy;

/// A row of the short list.
pub(crate) static SUMMARY: View<Flavor> = View(&[
    Field { key: "id", versions: &[since(BASE)], rule: None, render: |f, _| json!(f.id) },
    Field { key: "name", versions: &[since(BASE)], rule: None, render: |f, _| json!(f.name) },
    Field { key: "links", versions: &[since(BASE)], rule: None, render: links },
    Field {
        key: "description",
        versions: &[since(FLAVOR_DESCRIPTION)],
        rule: None,
        render: |f, _| json!(f.description),
    },
]);

/// A flavor, whole.
pub(crate) static DETAIL: View<Flavor> = View(&[
    Field { key: "id", versions: &[since(BASE)], rule: None, render: |f, _| json!(f.id) },
    Field { key: "name", versions: &[since(BASE)], rule: None, render: |f, _| json!(f.name) },
    Field { key: "ram", versions: &[since(BASE)], rule: None, render: |f, _| json!(f.ram_mb) },
    Field { key: "disk", versions: &[since(BASE)], rule: None, render: |f, _| json!(f.disk_gb) },
    Field {
        key: "swap",
        versions: &[between(BASE, STRICT_PARAMETERS)],
        rule: None,
        render: old_swap,
    },
    Field {
        key: "swap",
        versions: &[since(STRICT_PARAMETERS)],
        rule: None,
        render: |f, _| json!(f.swap_mb),
    },
    Field {
        key: "OS-FLV-EXT-DATA:ephemeral",
        versions: &[since(BASE)],
        rule: None,
        render: |f, _| json!(f.ephemeral_gb),
    },
    Field {
        key: "OS-FLV-DISABLED:disabled",
        versions: &[between(BASE, FLAVOR_CLEANUP)],
        rule: None,
        render: |f, _| json!(f.disabled),
    },
    Field { key: "vcpus", versions: &[since(BASE)], rule: None, render: |f, _| json!(f.vcpus) },
    Field {
        key: "os-flavor-access:is_public",
        versions: &[since(BASE)],
        rule: None,
        render: |f, _| json!(f.is_public),
    },
    Field {
        key: "rxtx_factor",
        versions: &[between(BASE, FLAVOR_CLEANUP)],
        rule: None,
        render: |f, _| json!(f.rxtx_factor),
    },
    Field { key: "links", versions: &[since(BASE)], rule: None, render: links },
    Field {
        key: "description",
        versions: &[since(FLAVOR_DESCRIPTION)],
        rule: None,
        render: |f, _| json!(f.description),
    },
    Field {
        key: "extra_specs",
        versions: &[since(FLAVOR_EXTRA_SPECS)],
        rule: Some(&policy::FLAVOR_EXTRA_SPECS_INDEX),
        render: |f, _| json!(f.extra_specs),
    },
]);

fn links(flavor: &Flavor, cx: &Cx<'_>) -> Value {
    cx.links("flavors", flavor.id.as_str())
}

/// Nova: no swap was an empty text until 2.75.
fn old_swap(flavor: &Flavor, _: &Cx<'_>) -> Value {
    if flavor.swap_mb == 0 { json!("") } else { json!(flavor.swap_mb) }
}
