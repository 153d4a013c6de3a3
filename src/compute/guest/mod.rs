//! What a guest is told and given: keys, files, user data, metadata. PURE: values in, values out.
//!
//! Called by the boot workflow, and by the metadata service through `facade.rs`. It never touches
//! an engine, a file or the database.

pub(crate) mod accounts;
mod cloud_config;
pub(crate) mod config_drive;
pub(crate) mod environment;
pub mod facts;
pub(crate) mod first_boot;
mod mime;
pub mod openstack;
mod quote;
pub(crate) mod user_data;
