//! `rescue`: beside the server's guest, which is stopped, another one of a rescue image runs at the
//! server's ports and addresses, with the file system of the first at [`ROOT`]: not a copy, so what is
//! repaired there is repaired.
//!
//! | step | outside | inside |
//! |---|---|---|
//! | image | the rescue image is on the engine | |
//! | stop | the server's own guest has ended | |
//! | lend | its file system is a volume | |
//! | container | the rescue guest is there, with that volume | |
//! | key | the server's key is in it | |
//! | start | it runs | its MACs |
//! | password | its administrator has the password that was answered, where it has `chpasswd` | |
//! | settle | it is looked at | RESCUE |
//!
//! Unwinding runs the server's own guest again. User data is not run: it may be what broke the server.
//! An engine that cannot lend a file system refuses at `lend`, and the instance action says why.

use kit::engine::{Bind, EngineError, InstanceSpec};
use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::ids::{ImageId, ServerId};
use kit::secret::Secret;
use kit::step;
use kit::tasks;
use kit::workflow::{Context, Failure, Workflow, record_nothing};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::change_password;
use super::stop::stop_even_frozen;
use crate::inject;
use crate::servers::boot::{instance_spec, labels};
use crate::servers::logic::Asked;
use crate::servers::model::{VmState, rescue_name, root_volume};
use crate::servers::steps::{
    adopt_macs, give_up, observe_named, observed, read_server, run_as_before, server, server_id,
    set_ports, set_task, start_named,
};
use crate::servers::{states, store, view};

pub(crate) static RESCUE: Workflow = Workflow {
    kind: "server.rescue",
    deadline_seconds: 1800,
    steps: &[
        step!("image", act: ensure_image),
        step!("stop", act: stop_even_frozen, undo: (run_as_before, record_nothing)),
        step!("lend", act: lend, undo: (remove_rescue, record_nothing)),
        step!("container", act: ensure_container, undo: (remove_rescue, record_nothing)),
        step!("key", act: put_key),
        step!("start", act: start, record: adopt_macs),
        step!("password", act: set_password),
        step!("settle", act: observe, record: become_rescued),
    ],
    on_failed: fail,
};

/// Where a rescue guest sees the server's file system.
const ROOT: &str = "/mnt";

/// What is asked for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Rescue {
    /// The server's own image, unless another one is asked for.
    pub(crate) image: Option<ImageId>,
    /// As `/etc/shadow` has it.
    pub(crate) password_hash: String,
}

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let body = call.wrapped("rescue");
    let given = body.get("adminPass").and_then(Value::as_str);
    let password = given.map_or_else(|| Secret::random(12), Secret::new);
    let to_hash = password.clone();
    let rescue = Rescue {
        image: body.get("rescue_image_ref").and_then(Value::as_str).map(ImageId::from),
        password_hash: tasks::blocking(move || change_password::hash(to_hash.expose())).await?,
    };
    let write = move |db: &Connection| promise(&asked, db, &rescue);
    call.platform.store.write("servers:rescue", write).await?;
    Ok(view::rescued(password.expose()))
}

/// Checks the image and promises the rescue.
pub(crate) fn promise(asked: &Asked, connection: &Connection, rescue: &Rescue) -> Result<()> {
    let action = &states::RESCUE;
    let mut server = asked.open_for(connection, action)?;
    if let Some(id) = &rescue.image {
        let (policy, caller) = (&asked.platform.policy, &asked.caller);
        image::facade::get_visible(connection, policy, caller, id)?.ok_or_else(|| {
            Error::bad_request(format!("Requested rescue image '{id}' is not supported"))
        })?;
    }
    server.has_rescue = true;
    let params = serde_json::to_value(rescue)?;
    asked.begin(connection, &mut server, action, &RESCUE, params)
}

/// The image of the rescue guest.
async fn image_of(context: &Context) -> Result<ImageId, Failure> {
    let asked = context.params::<Rescue>()?.image;
    let own = read_server(context).await?.image_id;
    asked.or(own).ok_or_else(|| Error::bad_request("The server has no image.").into())
}

async fn ensure_image(context: Context) -> Result<Value, Failure> {
    let id = image_of(&context).await?;
    let image = image::facade::ensure_on_engine(&context.platform, &id).await?;
    Ok(serde_json::to_value(&image)?)
}

/// Lends the file system anew: an older volume may be that of a guest that is gone.
async fn lend(context: Context) -> Result<Value, Failure> {
    remove_rescue(context.clone()).await?;
    let server = read_server(&context).await?;
    let (name, volume) = (server.engine_name(), root_volume(&server.id));
    let (platform, labels) = (&context.platform, labels(&context.platform, &server));
    match platform.engine.lend_root(&name, &volume, &labels).await {
        Ok(_) => Ok(Value::Null),
        Err(EngineError::Unsupported(why)) => Err(Failure::Fail(not_rescuable(&server.id, &why))),
        Err(error) => Err(error.into()),
    }
}

/// Nova: `InstanceNotRescuable`.
fn not_rescuable(id: &ServerId, why: &str) -> Error {
    Error::not_implemented(format!("Instance {id} cannot be rescued: {why}"))
}

async fn ensure_container(context: Context) -> Result<Value, Failure> {
    let (platform, id) = (&context.platform, image_of(&context).await?);
    let read = move |db: &Connection| image::facade::get_for_system(db, &id);
    let command = platform.store.read(read).await?.and_then(|image| image.command());
    let own = instance_spec(&context).await?;
    let (server, mut binds) = (server_id(&context), own.binds);
    let source = root_volume(&server);
    binds.push(Bind { source, target: ROOT.to_owned(), read_only: false });
    let spec = InstanceSpec { name: rescue_name(&server), command, binds, container: None, ..own };
    Ok(Value::String(platform.engine.create(&spec).await?))
}

async fn put_key(context: Context) -> Result<Value, Failure> {
    let server = read_server(&context).await?;
    inject::put_key(&context.platform, &server, &rescue_name(&server.id)).await?;
    Ok(Value::Null)
}

async fn start(context: Context) -> Result<Value, Failure> {
    let name = rescue_name(&server_id(&context));
    start_named(context, &name).await
}

/// Nova's drivers go on without it, too.
async fn set_password(context: Context) -> Result<Value, Failure> {
    let (server, Rescue { password_hash, .. }) = (read_server(&context).await?, context.params()?);
    let params = change_password::Params::new(&server, password_hash);
    let name = rescue_name(&server.id);
    match change_password::set_in(&context.platform, &name, &server.id, params).await {
        Err(Failure::Fail(error)) => {
            tracing::info!(server = %server.id, %error, "a rescue guest has no password");
        }
        Err(failure @ Failure::Retry(_)) => return Err(failure),
        Ok(()) => {}
    }
    Ok(Value::Null)
}

async fn observe(context: Context) -> Result<Value, Failure> {
    let name = rescue_name(&server_id(&context));
    observe_named(&context, &name).await
}

fn become_rescued(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    server.vm_state = VmState::Rescued;
    server.power_state = observed(context, "settle");
    server.launched_at = Some(context.now());
    set_task(context, connection, &mut server, None)?;
    set_ports(context, connection, &server, true)?;
    store::save(connection, &mut server, context.now())
}

fn fail(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    server.has_rescue = false;
    store::save(connection, &mut server, context.now())?;
    give_up(context, connection)
}

/// Removes the rescue guest, and gives the file system back that it had mounted; gone already is
/// success.
pub(crate) async fn remove_rescue(context: Context) -> Result<Value, Failure> {
    let (engine, id) = (&context.platform.engine, server_id(&context));
    engine.remove(&rescue_name(&id)).await?;
    engine.remove_volume(&root_volume(&id)).await?;
    Ok(Value::Null)
}
