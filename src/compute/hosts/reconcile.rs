//! Keeps the rows of the hosts in step with the engine: once before the listeners open, then
//! every few seconds. The only place of compute that asks the engine about its machine.

use std::sync::Arc;
use std::time::Duration;

use kit::error::Result;
use kit::platform::Platform;

use super::logic;

/// Between two looks (Nova: `report_interval`).
const INTERVAL: Duration = Duration::from_secs(10);

/// Looks once, then keeps looking in the background.
pub(crate) async fn start(platform: &Arc<Platform>) -> Result<()> {
    look(platform).await?;
    let keeper = Arc::clone(platform);
    platform.tasks.spawn("hosts", async move {
        loop {
            tokio::time::sleep(INTERVAL).await;
            if let Err(error) = look(&keeper).await {
                tracing::error!(%error, "hosts are not kept up to date");
            }
        }
    });
    Ok(())
}

/// Asks the engine and notes its answer, or that there is none.
pub(crate) async fn look(platform: &Platform) -> Result<()> {
    let answer = platform.engine.info().await;
    let now = platform.clock.now();
    platform
        .store
        .write("hosts:look", move |tx| match answer {
            Ok(info) => logic::note_answer(tx, &info, now),
            Err(error) => {
                tracing::warn!(%error, "the engine does not answer");
                logic::note_silence(tx)
            }
        })
        .await
}
