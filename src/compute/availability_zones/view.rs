//! What the API shows of zones. A zone is there because an enabled service is in it.

use serde_json::{Map, Value, json};

use crate::hosts::model::{INTERNAL_ZONE, Service};

/// The zone of the hosts, whether servers can go there, and no host.
pub(super) fn summary(services: &[Service], zone: &str) -> Value {
    let mut own = in_zone(services, zone, zone).peekable();
    if own.peek().is_none() {
        return json!({"availabilityZoneInfo": []});
    }
    let available = own.any(|service| !service.disabled);
    let row = json!({"zoneName": zone, "zoneState": {"available": available}, "hosts": null});
    json!({"availabilityZoneInfo": [row]})
}

/// Both zones with their hosts and services; a zone without an enabled service shows none.
pub(super) fn detail(services: &[Service], zone: &str) -> Value {
    let rows: Vec<Value> = [INTERNAL_ZONE, zone]
        .into_iter()
        .filter(|name| in_zone(services, name, zone).next().is_some())
        .map(|name| {
            let enabled: Vec<&Service> =
                in_zone(services, name, zone).filter(|service| !service.disabled).collect();
            let available = !enabled.is_empty();
            let hosts = if available { json!(hosts(&enabled)) } else { json!(null) };
            json!({"zoneName": name, "zoneState": {"available": available}, "hosts": hosts})
        })
        .collect();
    json!({"availabilityZoneInfo": rows})
}

fn in_zone<'s>(
    services: &'s [Service],
    name: &'s str,
    of_servers: &'s str,
) -> impl Iterator<Item = &'s Service> {
    services.iter().filter(move |service| service.zone(of_servers) == name)
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
