//! Heat v1: stacks made from templates.
//!
//! | module | what it holds |
//! |---|---|
//! | [`template`] | the language: templates, environments, parameters, functions, the graph |
//! | `resources` | the resource types, a file each |
//! | `template_validate` `template_versions` | what the API says of templates |

mod documents;
mod operations;
mod policy;
mod resources;
pub mod template;
mod template_validate;
mod template_versions;
mod versions;

use kit::http::{Dialect, Mount, Service, Versioning};

/// What the root reads.
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
    workflows: &[],
    reconcilers: Vec::new,
    migrations: &[],
    documents: documents::ALL,
    extend: |_, _, _| Ok(()),
    start: |_| Box::pin(async { Ok(()) }),
};
