//! Placement: what hosts have, what of it servers take, and where a server would fit.
//!
//! It keeps nothing: a resource provider is a host of compute, an allocation is what a living server
//! has, and both are read from compute's rows whenever somebody asks. So the figures are those that
//! servers are placed by, and nothing here can be changed: there are no operations that write, and
//! the answer to one is 405.

mod aggregates;
mod allocation_candidates;
mod allocations;
mod documents;
mod filters;
mod inventories;
pub mod microversions;
pub mod model;
pub mod operations;
mod policy;
mod resource_classes;
mod resource_providers;
mod traits;
mod usages;
mod versions;

use kit::http::{Dialect, Mount, Service, Versioning};

/// What the root reads.
pub static SERVICE: Service = Service {
    name: "placement",
    dialect: Dialect::Placement,
    mounts: &[Mount {
        prefix: "/placement",
        version: "",
        operations: operations::ALL,
        versioning: Versioning::Negotiated(&microversions::VERSIONS),
        project_in_path: false,
    }],
    native_port: Some(8778),
    rules: policy::ALL,
    quotas: &[],
    workflows: &[],
    reconcilers: Vec::new,
    migrations: &[],
    documents: documents::ALL,
    extend: |_, _, _| Ok(()),
    start: |_| Box::pin(async { Ok(()) }),
};
