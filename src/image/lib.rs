//! Glance: images, their data, who they are shared with, and how they get onto the engine.
//!
//! An image is a row; its data is a file of ours (uploads) or lies on the engine (snapshots, and
//! images that the engine's owner put there). Servers boot from it through [`facade`].

mod access;
mod cache;
mod data;
pub mod facade;
mod formats;
pub mod images;
mod info;
mod members;
pub mod operations;
pub mod policy;
mod reconcile;
mod schemas;
mod tags;

use std::sync::Arc;

use kit::http::{Dialect, Mount, Service, Versioning};
use kit::store::Migration;

/// What the root reads.
pub static SERVICE: Service = Service {
    name: "image",
    dialect: Dialect::Glance,
    mounts: &[
        Mount {
            prefix: "/image",
            version: "",
            operations: operations::DISCOVERY,
            versioning: Versioning::None,
            project_in_path: false,
        },
        Mount {
            prefix: "/image",
            version: "/v2",
            operations: operations::ALL,
            versioning: Versioning::None,
            project_in_path: false,
        },
    ],
    native_port: Some(9292),
    rules: policy::ALL,
    quotas: &[],
    migrations: &[Migration { number: 20, sql: include_str!("migrations/0020_images.sql") }],
    documents: &[
        ("image/image_data.yaml", include_str!("../../api-ref/image/image_data.yaml")),
        ("image/image_tags.yaml", include_str!("../../api-ref/image/image_tags.yaml")),
        ("image/image_versions.yaml", include_str!("../../api-ref/image/image_versions.yaml")),
        ("image/images.yaml", include_str!("../../api-ref/image/images.yaml")),
        ("image/info.yaml", include_str!("../../api-ref/image/info.yaml")),
        ("image/members.yaml", include_str!("../../api-ref/image/members.yaml")),
        ("image/schemas.yaml", include_str!("../../api-ref/image/schemas.yaml")),
        ("image/tasks.yaml", include_str!("../../api-ref/image/tasks.yaml")),
    ],
    extend: |_, _, extensions| {
        extensions.insert(cache::Loads::default());
        Ok(())
    },
    workflows: &[],
    reconcilers: || vec![Arc::new(reconcile::Images)],
    start: |platform| Box::pin(async move { reconcile::start(&platform).await }),
};
