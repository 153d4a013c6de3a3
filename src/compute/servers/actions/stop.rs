//! `os-stop`: a guest is asked to end, and made to after its grace.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::step;
use kit::workflow::{Context, Failure, Workflow};
use rusqlite::Connection;
use serde_json::Value;

use super::{DEADLINE_SECONDS, begin_mapped};
use crate::servers::model::{PowerState, Server, VmState};
use crate::servers::states;
use crate::servers::steps::{give_up, read_server, server, set_ports, settle, thaw_if_frozen};

pub(crate) static STOP: Workflow = Workflow {
    kind: "server.stop",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[step!("stop", act: stop, record: become_stopped)],
    on_failed: give_up,
};

/// The image property with a grace of its own, seconds.
const SHUTDOWN_TIMEOUT: &str = "os_shutdown_timeout";
/// What Docker gives a container: it shuts no system down.
const CONTAINER_GRACE_SECONDS: u32 = 10;

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    begin_mapped(&call, &states::STOP, &STOP).await
}

/// Ends the guest, gently; stopped already is success.
pub(crate) async fn stop(context: Context) -> Result<Value, Failure> {
    let server = read_server(&context).await?;
    let grace = grace_seconds(&server, context.platform.settings.compute.shutdown_timeout);
    context.platform.engine.stop(&server.engine_name(), grace).await?;
    Ok(Value::Null)
}

/// The same of a guest that may be frozen.
pub(crate) async fn stop_even_frozen(context: Context) -> Result<Value, Failure> {
    thaw_if_frozen(context.clone()).await?;
    stop(context).await
}

/// How long the guest has to end by itself.
pub(crate) fn grace_seconds(server: &Server, default: i64) -> u32 {
    let own = server.image_properties.get(SHUTDOWN_TIMEOUT).and_then(|text| text.parse().ok());
    let usual = || match server.container {
        Some(_) => CONTAINER_GRACE_SECONDS,
        None => u32::try_from(default).unwrap_or(0),
    };
    own.unwrap_or_else(usual)
}

fn become_stopped(context: &Context, connection: &Connection) -> Result<()> {
    set_ports(context, connection, &server(context, connection)?, false)?;
    settle(context, connection, VmState::Stopped, PowerState::Shutdown)
}
