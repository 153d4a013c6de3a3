//! Heat: stacks made from templates.
//!
//! | module | what it holds |
//! |---|---|
//! | [`template`] | the language: templates, environments, parameters, functions, the graph. Pure |
//! | `engine` | how a stack becomes what its template says: traversals, visits |
//! | `resources` | the types: one file each, through the facades of the services |
//! | `stacks` `stack_resources` `stack_events` `stack_outputs` | what is kept and shown |
//! | `signals` | how guests say that something has happened |
//! | `stack_users` | who guests are when they signal by an account |
//! | `software_configs` `software_deployments` | what is to be run in guests, and what came of it |
//! | `stack_snapshots` | what stacks were, to become it again |
//! | `stack_previews` | what a request would do |
//! | `stack_diagrams` | stacks as pictures |
//! | `guest_tools` | what guests of stacks are given to work with |
//! | `template_validate` `template_versions` `resource_types` | what the API says of templates |
//! | `cloudformation` | Amazon's API: the same in another dialect |
//! | `stack_exports` | taking a stack elsewhere |
//! | `build_info` `services` `versions` | what it says of itself |
//!
//! A stack acts with the rights of the user who made it, checked anew whenever it acts; what it
//! makes is counted in that project's quotas.

mod build_info;
mod cloudformation;
mod documents;
mod engine;
mod guest_tools;
mod operations;
mod policy;
mod resource_types;
mod resources;
mod services;
mod signals;
mod software_configs;
mod software_deployments;
mod stack_diagrams;
mod stack_events;
mod stack_exports;
mod stack_outputs;
mod stack_previews;
mod stack_resources;
mod stack_snapshots;
mod stack_users;
mod stacks;
pub mod template;
mod template_validate;
mod template_versions;
mod versions;
mod view;

use std::sync::Arc;

use kit::http::{Dialect, Mount, Service, Syntax, Versioning};
use kit::store::Migration;

/// What the root reads of Amazon's API: Heat in another dialect, with a port of its own.
pub static CLOUDFORMATION: Service = Service {
    name: "cloudformation",
    dialect: Dialect::CloudFormation(Syntax::Xml),
    mounts: &[Mount {
        prefix: "/heat-api-cfn",
        version: "/v1",
        operations: operations::CLOUDFORMATION,
        versioning: Versioning::None,
        project_in_path: false,
    }],
    native_port: Some(8000),
    rules: policy::CLOUDFORMATION,
    quotas: &[],
    workflows: &[],
    reconcilers: Vec::new,
    migrations: &[],
    documents: documents::CLOUDFORMATION,
    extend: |_, _, _| Ok(()),
    start: |_| Box::pin(async { Ok(()) }),
};

/// What the root reads of Heat's own API, and of all that is behind both.
pub static SERVICE: Service = Service {
    name: "orchestration",
    dialect: Dialect::Heat,
    mounts: &[
        Mount {
            prefix: "/orchestration",
            version: "/v1",
            operations: operations::ALL,
            versioning: Versioning::None,
            project_in_path: true,
        },
        Mount {
            prefix: "/orchestration",
            version: "",
            operations: operations::DISCOVERY,
            versioning: Versioning::None,
            project_in_path: false,
        },
    ],
    native_port: Some(8004),
    rules: policy::ALL,
    quotas: &[],
    workflows: &[
        &software_deployments::run::RUN,
        &engine::act::RESOURCE,
        &engine::act::RESOURCE_AT_ONCE,
        &engine::breakpoints::RESOURCE_WITH_BREAKPOINTS,
    ],
    reconcilers: || vec![Arc::new(stack_resources::drift::Drift)],
    migrations: &[
        Migration { number: 70, sql: include_str!("migrations/0070_stacks.sql") },
        Migration { number: 71, sql: include_str!("migrations/0071_nested_stacks.sql") },
        Migration { number: 72, sql: include_str!("migrations/0072_signals.sql") },
        Migration { number: 73, sql: include_str!("migrations/0073_snapshots.sql") },
        Migration { number: 74, sql: include_str!("migrations/0074_stack_progress.sql") },
        Migration { number: 75, sql: include_str!("migrations/0075_software.sql") },
        Migration { number: 77, sql: include_str!("migrations/0077_made_by.sql") },
    ],
    documents: documents::ALL,
    extend: |_, _, _| Ok(()),
    start: |_| Box::pin(async { Ok(()) }),
};
