//! `novadock serve`: the cloud, in the foreground.

use std::path::Path;

use kit::clock::Clock;
use kit::error::Result;
use tokio::signal::unix::{SignalKind, signal};

use super::{block_on, complain};
use crate::app::{App, Options};
use crate::cli::Common;

pub(crate) fn run(common: &Common) -> Result<()> {
    let settings = common.settings()?;
    let data_dir = std::path::absolute(common.data_dir()?)?;
    kit::telemetry::init(&settings)?;
    block_on(async move {
        let options = Options {
            settings,
            data_dir: data_dir.clone(),
            clock: Clock::system(),
            engine: None,
            observer: None,
        };
        let app = App::build(options).await?;
        complain(&greeting(&app.address()?.to_string(), &data_dir));
        app.run(interrupted()).await
    })
}

/// Resolves at Ctrl-C and at `kill`.
async fn interrupted() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
}

fn greeting(address: &str, data_dir: &Path) -> String {
    let credentials = data_dir.join("clouds.yaml");
    format!(
        "\nNovadock listens on http://{address}\n\n\
         In another terminal:\n\n  \
         export OS_CLIENT_CONFIG_FILE={} OS_CLOUD=novadock\n  \
         openstack image list\n  \
         openstack server create --image novadock/tiny --flavor m1.tiny --network shared --wait web\n\n\
         The clouds novadock-admin and novadock-system are in the same file. Ctrl-C stops the\n\
         service; the servers go on running.\n",
        credentials.display()
    )
}
