//! A token becomes a [`Caller`]; identity implements it, the pipeline asks.

use std::sync::Arc;

use async_trait::async_trait;

use crate::error::Result;
use crate::platform::Platform;
use crate::policy::Caller;

/// Checks tokens. Wired by the root to the identity service.
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// Who the token speaks for; any reason to refuse it is `Kind::Unauthorized`.
    async fn authenticate(&self, platform: &Arc<Platform>, token: &str) -> Result<Caller>;
}
