//! Nova: servers, flavors, key pairs, quotas.
//!
//! A server is a container. Handlers write rows and promises (`kit::workflow`); steps and
//! reconcilers do the work on the engine.

mod aggregates;
mod assisted_volume_snapshots;
mod availability_zones;
mod baremetal_nodes;
mod capacity;
mod delegate;
mod documents;
mod extensions;
pub mod facade;
mod flavor_access;
mod flavor_extra_specs;
pub mod flavors;
mod floating_ip_pools;
mod floating_ips;
mod gone;
pub mod guest;
mod guest_filters;
mod guest_interfaces;
mod hosts;
mod hypervisors;
mod image_metadata;
mod images;
mod inject;
mod instance_actions;
mod instance_usage_audit_log;
mod keypairs;
mod limits;
mod loose;
pub mod microversions;
mod network_proxy;
mod networks;
pub mod operations;
pub mod placement;
pub mod policy;
mod presence;
mod projects;
mod quota_class_sets;
mod quota_sets;
pub mod quotas;
mod reconcile;
mod retention;
mod security_group_rules;
mod security_groups;
mod server_external_events;
mod server_groups;
mod server_migrations;
pub mod servers;
mod services;
mod simple_tenant_usage;
mod snapshots;
#[cfg(test)]
mod testing;
mod versions;
mod volumes;

use std::sync::Arc;

use kit::http::{Dialect, Mount, Mv, Service, Versioning};
use kit::store::Migration;

/// What the root reads.
pub static SERVICE: Service = Service {
    name: "compute",
    dialect: Dialect::Nova,
    mounts: &[
        Mount {
            prefix: "/compute",
            version: "/v2.1",
            operations: operations::ALL,
            versioning: Versioning::Negotiated(&microversions::VERSIONS),
            project_in_path: true,
        },
        Mount {
            prefix: "/compute",
            version: "/v2",
            operations: operations::ALL,
            versioning: Versioning::Fixed(Mv(2, 1)),
            project_in_path: true,
        },
        Mount {
            prefix: "/compute",
            version: servers::consoles::MOUNT,
            operations: operations::CONSOLES,
            versioning: Versioning::None,
            project_in_path: false,
        },
        Mount {
            prefix: "/compute",
            version: "",
            operations: operations::DISCOVERY,
            versioning: Versioning::None,
            project_in_path: false,
        },
    ],
    native_port: Some(8774),
    rules: policy::ALL,
    quotas: quotas::ALL,
    workflows: servers::WORKFLOWS,
    reconcilers: || {
        vec![
            Arc::new(reconcile::Servers),
            Arc::new(guest_filters::GuestFilters),
            Arc::new(guest_interfaces::GuestInterfaces),
            Arc::new(retention::Retention),
        ]
    },
    migrations: &[
        Migration { number: 40, sql: include_str!("migrations/0040_servers.sql") },
        Migration { number: 50, sql: include_str!("migrations/0050_flavors.sql") },
        Migration { number: 51, sql: include_str!("migrations/0051_keypairs.sql") },
        Migration { number: 52, sql: include_str!("migrations/0052_hosts.sql") },
        Migration { number: 53, sql: include_str!("migrations/0053_server_groups.sql") },
        Migration { number: 54, sql: include_str!("migrations/0054_aggregates.sql") },
        Migration { number: 55, sql: include_str!("migrations/0055_retention.sql") },
        Migration { number: 56, sql: include_str!("migrations/0056_containers.sql") },
        Migration { number: 58, sql: include_str!("migrations/0058_migrations.sql") },
        Migration { number: 60, sql: include_str!("migrations/0060_shelved.sql") },
        Migration { number: 61, sql: include_str!("migrations/0061_rescue.sql") },
        Migration { number: 62, sql: include_str!("migrations/0062_server_passwords.sql") },
        Migration { number: 64, sql: include_str!("migrations/0064_consoles.sql") },
        Migration { number: 66, sql: include_str!("migrations/0066_signed_consoles.sql") },
        Migration { number: 68, sql: include_str!("migrations/0068_pages.sql") },
    ],
    documents: documents::ALL,
    extend: |_, _, _| Ok(()),
    start: |platform| {
        Box::pin(async move {
            hosts::reconcile::start(&platform).await?;
            let now = platform.clock.now();
            platform
                .store
                .write("flavors:bootstrap", move |tx| flavors::logic::bootstrap(tx, now))
                .await
        })
    },
};
