//! Keystone v3: who one is, what one may do where, and where the services are.
//!
//! | module | what it holds |
//! |---|---|
//! | [`tokens`] | logins and tokens; the authenticator that every service's requests pass |
//! | [`users`] `groups` [`projects`] `domains` | who and where |
//! | `roles` `assignments` | what one may do there |
//! | `catalog` | services, endpoints, regions |
//! | `application_credentials` | secrets for programs |
//! | `credentials` `ec2_credentials` `ec2_tokens` | secrets that are kept and shown again; keys that sign requests |
//! | [`facade`] | what other services may ask |

mod access;
mod application_credentials;
mod assignments;
mod auth;
mod bootstrap;
mod catalog;
mod changes;
mod credentials;
mod delegate;
mod documents;
mod domains;
mod ec2_credentials;
mod ec2_tokens;
pub mod facade;
mod groups;
mod login_files;
pub mod operations;
mod passwords;
pub mod policy;
pub mod projects;
mod record;
mod roles;
mod sentences;
mod stack_users;
pub mod tokens;
pub mod users;
mod versions;
mod view;

use std::path::Path;

use kit::config::Settings;
use kit::error::Result;
use kit::http::{Dialect, Mount, Service, Versioning};
use kit::platform::Extensions;
use kit::store::Migration;

pub use tokens::TokenAuthenticator;

/// What the root reads.
pub static SERVICE: Service = Service {
    name: "identity",
    dialect: Dialect::Keystone,
    mounts: &[
        Mount {
            prefix: "/identity",
            version: "/v3",
            operations: operations::V3,
            versioning: Versioning::None,
            project_in_path: false,
        },
        Mount {
            prefix: "/identity",
            version: "",
            operations: operations::DISCOVERY,
            versioning: Versioning::None,
            project_in_path: false,
        },
    ],
    native_port: Some(5000),
    rules: policy::ALL,
    quotas: &[],
    migrations: &[
        Migration { number: 10, sql: include_str!("migrations/0010_identity.sql") },
        Migration { number: 11, sql: include_str!("migrations/0011_groups_and_credentials.sql") },
    ],
    workflows: &[],
    reconcilers: Vec::new,
    documents: documents::ALL,
    extend,
    start: |platform| Box::pin(bootstrap::run(platform)),
};

/// The keys, the cache and the hasher: what lives as long as the process.
fn extend(settings: &Settings, data_dir: &Path, extensions: &mut Extensions) -> Result<()> {
    let identity = &settings.identity;
    extensions.insert(tokens::keys::KeyRepository::open(
        data_dir.join("identity/keys"),
        identity.max_active_keys,
        identity.key_rotation,
    )?);
    extensions.insert(credentials::vault::Vault::open(&data_dir.join("identity"))?);
    extensions.insert(tokens::cache::TokenCache::default());
    extensions.insert(passwords::Hasher::new(identity.password_hash_rounds)?);
    Ok(())
}
