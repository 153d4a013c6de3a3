//! The metadata service of guests: `http://169.254.169.254`, as Nova's metadata API.
//!
//! | module | what it holds |
//! |---|---|
//! | `openstack` | the OpenStack tree, a table of documents by date |
//! | `ec2` | the EC2 tree, a table of keys by date |
//! | `identify` | who asks: peer address → port → server |
//! | `address` | 169.254.169.254 on the host's loopback |
//! | `server` | the listener |
//! | `password` | what guests post |
//!
//! A guest is known by the address that it speaks from and by nothing that it says: every header
//! is ignored, `X-Forwarded-For` above all. The service only reads, but for the password that a guest
//! may post once; what of the API is for guests it hands on to it.

mod address;
mod ec2;
mod identify;
mod openstack;
mod password;
mod server;
mod tree;

use kit::error::Result;
use kit::http::{Dialect, Service};
use kit::ids::InstallationId;

/// What the root reads. The guests' API is on a listener of its own, so there are no mounts.
pub static SERVICE: Service = Service {
    name: "metadata",
    dialect: Dialect::Plain,
    mounts: &[],
    native_port: None,
    rules: &[],
    quotas: &[],
    workflows: &[],
    reconcilers: Vec::new,
    migrations: &[],
    documents: &[],
    extend: |_, _, _| Ok(()),
    start: |platform| Box::pin(server::start(platform)),
};

/// Takes away what a process of the installation that was killed left on the host.
///
/// # Errors
/// Unavailable, if the host does not let us.
pub async fn clean_up(installation: &InstallationId) -> Result<()> {
    address::forget(installation).await
}
