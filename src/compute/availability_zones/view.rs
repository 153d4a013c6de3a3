//! What the API shows of zones. A zone is there because an enabled service is in it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::hosts::model::{INTERNAL_ZONE, Service};

/// The zones of hosts and whether servers can go there, without the hosts; `default` is the zone of
/// hosts that no aggregate puts elsewhere.
pub(super) fn summary(services: &[Service], default: &str) -> Value {
    let rows: Vec<Value> = zones(services, default)
        .into_iter()
        .filter(|zone| *zone != INTERNAL_ZONE)
        .map(|zone| {
            let available = in_zone(services, zone, default).any(|service| !service.disabled);
            json!({"zoneName": zone, "zoneState": {"available": available}, "hosts": null})
        })
        .collect();
    json!({"availabilityZoneInfo": rows})
}

/// Every zone with its hosts and services; a zone without an enabled service shows none.
pub(super) fn detail(services: &[Service], default: &str) -> Value {
    let rows: Vec<Value> = zones(services, default)
        .into_iter()
        .map(|zone| {
            let enabled: Vec<&Service> =
                in_zone(services, zone, default).filter(|service| !service.disabled).collect();
            let available = !enabled.is_empty();
            let hosts = if available { json!(hosts(&enabled)) } else { json!(null) };
            json!({"zoneName": zone, "zoneState": {"available": available}, "hosts": hosts})
        })
        .collect();
    json!({"availabilityZoneInfo": rows})
}

/// The names of all zones, in order.
fn zones<'s>(services: &'s [Service], default: &'s str) -> BTreeSet<&'s str> {
    services.iter().map(|service| service.zone(default)).collect()
}

fn in_zone<'s>(
    services: &'s [Service],
    name: &'s str,
    default: &'s str,
) -> impl Iterator<Item = &'s Service> {
    services.iter().filter(move |service| service.zone(default) == name)
}

fn hosts(services: &[&Service]) -> Map<String, Value> {
    let mut hosts = Map::new();
    for service in services {
        let host = hosts.entry(service.host.clone()).or_insert_with(|| json!({}));
        host[service.binary.as_str()] = json!({
            "available": service.is_up(),
            "active": !service.disabled,
            "updated_at": service.seen_at.iso_micro(),
        });
    }
    hosts
}
