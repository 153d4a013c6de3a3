//! Fewer interfaces. Where the guest keeps them, so does the server, with the fault.

use kit::error::{Error, Result};
use kit::step;
use kit::workflow::{Context, Failure, Workflow, record_nothing};
use rusqlite::Connection;
use serde_json::Value;

use super::plug::{self, Params};
use crate::servers::actions::DEADLINE_SECONDS;
use crate::servers::steps::give_up;

pub(crate) static DETACH: Workflow = Workflow {
    kind: "server.detach_interface",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[
        step!("find", record: find),
        step!("unplug", act: take, record: release, undo: (put_back, record_nothing)),
    ],
    on_failed: give_up,
};

/// Nova tells of a port that is not the server's only when it works on it.
fn find(context: &Context, connection: &Connection) -> Result<()> {
    let Params { gone, .. } = context.params()?;
    let nics = plug::nics(context, connection, &gone)?;
    match gone.iter().find(|port| !nics.iter().any(|nic| nic.port == **port)) {
        Some(port) => Err(Error::not_found(format!("Port {port} is not attached"))),
        None => Ok(()),
    }
}

pub(super) async fn take(context: Context) -> Result<Value, Failure> {
    let Params { gone, .. } = context.params()?;
    plug::unplug(&context, gone).await
}

pub(super) async fn put_back(context: Context) -> Result<Value, Failure> {
    let Params { gone, .. } = context.params()?;
    plug::plug_again(&context, gone).await
}

pub(super) fn release(context: &Context, connection: &Connection) -> Result<()> {
    let Params { gone, .. } = context.params()?;
    plug::release(context, connection, &gone)
}
