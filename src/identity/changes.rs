//! Writes after which a token may be worth something else: the one way in which this service
//! changes its rows. It never decides what to write.

use std::sync::Arc;

use kit::Platform;
use kit::error::{Error, Result};
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::tokens::cache::TokenCache;

/// Commits `write` and then empties the cache of verified tokens.
///
/// **Invariant:** when this returns, no token is accepted on grounds of older rows. The work is
/// a task of its own, because a client that hangs up would otherwise end it between commit and
/// invalidation.
pub(crate) async fn commit<T, F>(
    platform: &Arc<Platform>,
    name: &'static str,
    write: F,
) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&Connection) -> Result<T> + Send + 'static,
{
    let cache = platform.extension::<TokenCache>()?;
    let store = platform.store.clone();
    let (answer, wait) = oneshot::channel();
    platform.tasks.spawn_to_end(async move {
        let outcome = store.write(name, write).await;
        cache.invalidate();
        drop(answer.send(outcome));
    });
    wait.await.map_err(|_| Error::unavailable("The service is stopping."))?
}
