//! Whoever shares a server's network comes along when the server's guest starts again.
//!
//! An engine joins a container to the network of a guest that runs, not to a name: once that guest
//! has ended, the container is left in a network that nobody is in, and once it was removed, the
//! container never starts again. So the transaction that notes a server's start promises this of
//! each of its neighbours: it starts again, and is made again first where the guest was.
//!
//! The end of a start ([`super::steps::run_or_stop`]) calls it; it never touches the server itself.

use kit::clock::Time;
use kit::error::Result;
use kit::step;
use kit::workflow::{Context, Failure, NewOperation, Operation, Workflow, submit};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::actions::DEADLINE_SECONDS;
use super::boot::{ensure_container, ensure_image, remove_container};
use super::model::{PowerState, Server, VmState};
use super::states::{Action, REBOOT_HARD, REBUILD};
use super::steps::{
    become_error, observe, observed, read_server, run_as_before, server, set_task, thaw_if_frozen,
};
use super::{logic, store};

pub(crate) static FOLLOW: Workflow = Workflow {
    kind: "server.follow",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[
        step!("turn", record: note_task),
        step!("image", act: find_image),
        step!("end", act: end),
        step!("container", act: make_again),
        step!("start", act: start_again),
        step!("settle", act: observe, record: settle),
    ],
    on_failed: become_error,
};

/// The states in which a neighbour has a container that can come along.
const MOVABLE: &[VmState] =
    &[VmState::Active, VmState::Paused, VmState::Suspended, VmState::Stopped];

/// Why a neighbour comes along.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Move {
    /// The server has another guest than before.
    pub(super) is_replaced: bool,
    /// It runs.
    pub(super) runs: bool,
}

impl Move {
    /// What it looks like from outside.
    fn action(self) -> &'static Action {
        if self.is_replaced { &REBUILD } else { &REBOOT_HARD }
    }

    /// Whether it is nothing to a neighbour.
    fn spares(self, neighbour: &Server) -> bool {
        let sleeps = neighbour.vm_state == VmState::Stopped && neighbour.task_state.is_none();
        logic::is_going(neighbour) || (sleeps && !self.is_replaced)
    }
}

/// Promises that the server's neighbours come along, if the workflow has started its guest.
pub(super) fn call(
    context: &Context,
    connection: &Connection,
    server: &Server,
    runs: bool,
) -> Result<()> {
    let cause = Move { is_replaced: context.output("container").is_some(), runs };
    if context.output("start").is_none() || !(runs || cause.is_replaced) {
        return Ok(());
    }
    let neighbours = store::beside(connection, &server.id)?;
    for mut neighbour in neighbours.into_iter().filter(|one| !cause.spares(one)) {
        promise(connection, context.now(), &context.operation, &mut neighbour, cause)?;
    }
    Ok(())
}

/// Promises it of one of them, on behalf of who asked for the operation on the server.
pub(super) fn promise(
    connection: &Connection,
    now: Time,
    origin: &Operation,
    neighbour: &mut Server,
    cause: Move,
) -> Result<()> {
    let action = cause.action();
    if neighbour.task_state.is_none() && MOVABLE.contains(&neighbour.vm_state) {
        neighbour.task_state = action.task;
        store::save(connection, neighbour, now)?;
    }
    let operation = NewOperation {
        workflow: &FOLLOW,
        target: neighbour.target(),
        project: neighbour.project_id.clone(),
        user: origin.user.clone(),
        request_id: origin.request_id.clone(),
        params: serde_json::to_value(cause)?,
        label: action.label,
    };
    submit(connection, now, operation)?;
    Ok(())
}

/// Says again what is done: what was done before it has ended since.
fn note_task(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    if MOVABLE.contains(&server.vm_state) {
        let cause: Move = context.params()?;
        set_task(context, connection, &mut server, cause.action().task)?;
        store::save(connection, &mut server, context.now())?;
    }
    Ok(())
}

/// Whether the neighbour can come along, and whether its container must be made again for it.
async fn comes(context: &Context) -> Result<(bool, Move), Failure> {
    let server = read_server(context).await?;
    Ok((MOVABLE.contains(&server.vm_state), context.params()?))
}

async fn find_image(context: Context) -> Result<Value, Failure> {
    match comes(&context).await? {
        (true, Move { is_replaced: true, .. }) => ensure_image(context).await,
        (true | false, _) => Ok(Value::Null),
    }
}

/// At once: nobody hears it any more.
async fn end(context: Context) -> Result<Value, Failure> {
    match comes(&context).await? {
        (true, Move { is_replaced: true, .. }) => remove_container(context).await,
        (true, _) => {
            thaw_if_frozen(context.clone()).await?;
            let name = read_server(&context).await?.engine_name();
            context.platform.engine.stop(&name, 0).await?;
            Ok(Value::Null)
        }
        (false, _) => Ok(Value::Null),
    }
}

async fn make_again(context: Context) -> Result<Value, Failure> {
    match comes(&context).await? {
        (true, Move { is_replaced: true, .. }) => ensure_container(context).await,
        (true | false, _) => Ok(Value::Null),
    }
}

/// A network that nobody is in takes nobody.
async fn start_again(context: Context) -> Result<Value, Failure> {
    match comes(&context).await? {
        (true, Move { runs: true, .. }) => run_as_before(context).await,
        (true | false, _) => Ok(Value::Null),
    }
}

fn settle(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    if !MOVABLE.contains(&server.vm_state) {
        return Ok(());
    }
    server.power_state = observed(context, "settle");
    if !matches!(server.power_state, PowerState::Running | PowerState::Paused) {
        server.vm_state = VmState::Stopped;
    }
    set_task(context, connection, &mut server, None)?;
    store::save(connection, &mut server, context.now())
}
