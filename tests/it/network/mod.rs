//! The network API, a module per resource.

mod address_groups;
mod address_scopes;
mod extensions;
mod floating_ips;
mod networks;
mod port_forwardings;
mod ports;
mod quotas;
mod rbac_policies;
pub(crate) mod routers;
mod security_groups;
mod subnetpools;
mod subnets;

use serde_json::json;

use crate::support::Session;

/// A network of the session's project; its id.
pub(crate) async fn network(session: &Session, name: &str) -> String {
    let body = json!({"network": {"name": name}});
    session.post("/network/v2.0/networks", body).await.expect(201).text("/network/id")
}

/// A subnet of a network; its id.
pub(crate) async fn subnet(session: &Session, network: &str, cidr: &str) -> String {
    let body = json!({"subnet": {"network_id": network, "ip_version": 4, "cidr": cidr}});
    session.post("/network/v2.0/subnets", body).await.expect(201).text("/subnet/id")
}
