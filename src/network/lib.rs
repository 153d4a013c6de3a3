//! Neutron v2.0, as much as servers need: networks, subnets, ports, routers, floating IPs,
//! security groups.
//!
//! | module | what it holds |
//! |---|---|
//! | [`facade`] | what compute and metadata may call |
//! | `address_groups` `address_scopes` `networks` `subnetpools` `subnets` `ports` `routers` `floating_ips` `port_forwardings` `security_groups` `security_group_rules` | the resources |
//! | `rbac_policies` | who may use a thing of another project |
//! | `ipam` `mac` | which addresses are free |
//! | `bootstrap` `reconcile` | the networks that exist from the start; engine networks ⇄ rows |
//! | `filters` | security groups → what the engine lets through at guests |
//! | `routing` | routers and floating IPs ⇄ the engine |
//!
//! Handlers never touch the engine: a network becomes a network of the engine when a guest first
//! needs it.

pub mod address_groups;
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
mod port_forwardings;
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
    extend: |_, _, extensions| {
        extensions.insert(filters::enforcement::Unfiltered::default());
        Ok(())
    },
    start: |_| Box::pin(async { Ok(()) }),
};

static MIGRATIONS: &[Migration] = &[
    Migration { number: 30, sql: include_str!("migrations/0030_network.sql") },
    Migration { number: 31, sql: include_str!("migrations/0031_allowed_address_pairs.sql") },
    Migration { number: 34, sql: include_str!("migrations/0034_routers.sql") },
    Migration { number: 36, sql: include_str!("migrations/0036_port_security.sql") },
    Migration { number: 38, sql: include_str!("migrations/0038_subnet_pools.sql") },
    Migration { number: 42, sql: include_str!("migrations/0042_rbac_policies.sql") },
    Migration { number: 44, sql: include_str!("migrations/0044_port_forwarding.sql") },
    Migration { number: 45, sql: include_str!("migrations/0045_pages.sql") },
    Migration { number: 46, sql: include_str!("migrations/0046_floating_filters.sql") },
    Migration { number: 48, sql: include_str!("migrations/0048_address_groups.sql") },
    Migration { number: 49, sql: include_str!("migrations/0049_extra_routes.sql") },
    Migration { number: 78, sql: include_str!("migrations/0078_cables.sql") },
];

#[cfg(test)]
mod tests;
