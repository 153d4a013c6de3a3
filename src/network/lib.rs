//! Neutron v2.0, as much as servers need: networks, subnets, ports, routers, floating IPs,
//! security groups.
//!
//! | module | what it holds |
//! |---|---|
//! | [`facade`] | what compute and metadata may call |
//! | `address_scopes` `networks` `subnetpools` `subnets` `ports` `routers` `floating_ips` `security_groups` `security_group_rules` | the resources |
//! | `rbac_policies` | who may use a thing of another project |
//! | `ipam` `mac` | which addresses are free |
//! | `bootstrap` `reconcile` | the networks that exist from the start; engine networks ⇄ rows |
//! | `filters` | security groups → what the engine lets through |
//! | `routing` | routers and floating IPs ⇄ the engine |
//!
//! Handlers never touch the engine: a network becomes a network of the engine when a guest first
//! needs it.

pub mod address_scopes;
mod agents;
mod attributes;
mod availability_zones;
mod bootstrap;
mod checks;
mod delegate;
mod documents;
mod errors;
mod extensions;
pub mod facade;
mod filters;
pub mod floating_ips;
pub mod ipam;
mod listing;
mod mac;
mod network_ip_availabilities;
pub mod networks;
mod operations;
mod plan;
mod policy;
pub mod ports;
mod quotas;
pub mod rbac_policies;
mod reconcile;
mod resource;
pub mod routers;
mod routing;
pub mod security_group_rules;
pub mod security_groups;
pub mod standard;
pub mod subnetpools;
pub mod subnets;
mod tags;
mod versions;
mod view;

use std::sync::Arc;

use kit::http::{Dialect, Mount, Service, Versioning};
use kit::store::Migration;

/// What the root reads.
pub static SERVICE: Service = Service {
    name: "network",
    dialect: Dialect::Neutron,
    mounts: &[
        Mount {
            prefix: "/network",
            version: "/v2.0",
            operations: operations::ALL,
            versioning: Versioning::None,
            project_in_path: false,
        },
        Mount {
            prefix: "/network",
            version: "",
            operations: operations::DISCOVERY,
            versioning: Versioning::None,
            project_in_path: false,
        },
    ],
    native_port: Some(9696),
    rules: policy::ALL,
    quotas: quotas::ALL,
    workflows: &[],
    reconcilers: || {
        vec![
            Arc::new(reconcile::EngineNetworks),
            Arc::new(routing::Routers),
            Arc::new(routing::FloatingAddresses),
        ]
    },
    migrations: MIGRATIONS,
    documents: documents::ALL,
    extend: |_, _, _| Ok(()),
    start: |_| Box::pin(async { Ok(()) }),
};

static MIGRATIONS: &[Migration] = &[
    Migration { number: 30, sql: include_str!("migrations/0030_network.sql") },
    Migration { number: 31, sql: include_str!("migrations/0031_allowed_address_pairs.sql") },
    Migration { number: 34, sql: include_str!("migrations/0034_routers.sql") },
    Migration { number: 36, sql: include_str!("migrations/0036_port_security.sql") },
    Migration { number: 38, sql: include_str!("migrations/0038_subnet_pools.sql") },
];

#[cfg(test)]
mod tests;
