//! What the API shows of a service.

use kit::http::{Cx, Field, View, between, since};
use serde_json::{Value, json};

use crate::hosts::model::Service;
use crate::microversions::{BASE, FORCED_DOWN, SERVICE_UUID};

/// A service.
pub(super) static DETAIL: View<Service> = View(&[
    Field { key: "binary", versions: &[since(BASE)], rule: None, render: |s, _| json!(s.binary) },
    Field { key: "host", versions: &[since(BASE)], rule: None, render: |s, _| json!(s.host) },
    Field {
        key: "id",
        versions: &[between(BASE, SERVICE_UUID)],
        rule: None,
        render: |s, _| json!(s.row),
    },
    Field { key: "id", versions: &[since(SERVICE_UUID)], rule: None, render: |s, _| json!(s.id) },
    Field { key: "zone", versions: &[since(BASE)], rule: None, render: zone },
    Field { key: "status", versions: &[since(BASE)], rule: None, render: status },
    Field { key: "state", versions: &[since(BASE)], rule: None, render: state },
    Field {
        key: "updated_at",
        versions: &[since(BASE)],
        rule: None,
        render: |s, _| json!(s.seen_at.iso_micro()),
    },
    Field {
        key: "disabled_reason",
        versions: &[since(BASE)],
        rule: None,
        render: |s, _| json!(s.disabled_reason),
    },
    Field {
        key: "forced_down",
        versions: &[since(FORCED_DOWN)],
        rule: None,
        render: |s, _| json!(s.forced_down),
    },
]);

fn zone(service: &Service, cx: &Cx<'_>) -> Value {
    json!(service.zone(&cx.call.platform.settings.compute.availability_zone))
}

fn status(service: &Service, _: &Cx<'_>) -> Value {
    json!(if service.disabled { "disabled" } else { "enabled" })
}

fn state(service: &Service, _: &Cx<'_>) -> Value {
    json!(if service.is_up() { "up" } else { "down" })
}
