//! The guest's side of interfaces: put in, taken out. Both find their work done when they are
//! repeated, and when guest or port are gone.

use kit::engine::EngineError;
use kit::error::{Error, Result};
use kit::ids::PortId;
use kit::workflow::{Context, Failure};
use network::facade::Nic;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::guest_filters;
use crate::servers::model::engine_name;
use crate::servers::steps::{macs_of, server_id};

/// Which interfaces an operation is about.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Params {
    /// Those that the guest is to get.
    pub(super) come: Vec<PortId>,
    /// Those that it is to lose, before.
    pub(super) gone: Vec<PortId>,
}

/// Those of the interfaces whose ports are still the server's.
pub(super) fn nics(
    context: &Context,
    connection: &Connection,
    ports: &[PortId],
) -> Result<Vec<Nic>> {
    let mut nics = network::facade::nics_of(connection, &server_id(context))?;
    nics.retain(|nic| ports.contains(&nic.port));
    Ok(nics)
}

/// The same, if nothing else is on their networks: an engine would take that for them.
fn alone(context: &Context, connection: &Connection, ports: &[PortId]) -> Result<Vec<Nic>> {
    let all = network::facade::nics_of(connection, &server_id(context))?;
    let wanted = nics(context, connection, ports)?;
    let others = |nic: &Nic| all.iter().filter(|other| other.network == nic.network).count();
    if wanted.iter().any(|nic| others(nic) > 1) {
        return Err(Error::conflict("Another interface of the server is on the network still."));
    }
    Ok(wanted)
}

/// Puts the interfaces into the guest; the answer is the MAC of each that it has, by network.
pub(super) async fn plug(context: &Context, ports: Vec<PortId>) -> Result<Value, Failure> {
    let within = context.clone();
    let nics = context.platform.store.read(move |db| alone(&within, db, &ports)).await?;
    put_in(context, &nics).await
}

/// Puts in again what was taken out, whatever was to come in its place: that is not in the guest.
pub(super) async fn plug_again(context: &Context, ports: Vec<PortId>) -> Result<Value, Failure> {
    let within = context.clone();
    let nics = context.platform.store.read(move |db| nics(&within, db, &ports)).await?;
    put_in(context, &nics).await
}

pub(super) async fn put_in(context: &Context, nics: &[Nic]) -> Result<Value, Failure> {
    let (platform, name) = (&context.platform, engine_name(&server_id(context)));
    for attachment in network::facade::ensure_engine_networks(platform, nics).await? {
        platform.engine.attach(&name, &attachment).await?;
    }
    guest_filters::apply(platform, &server_id(context), &name).await?;
    Ok(serde_json::to_value(macs_of(platform, &name).await?)?)
}

/// Takes the interfaces out of the guest.
pub(super) async fn unplug(context: &Context, ports: Vec<PortId>) -> Result<Value, Failure> {
    let (platform, name) = (&context.platform, engine_name(&server_id(context)));
    let within = context.clone();
    for nic in platform.store.read(move |db| nics(&within, db, &ports)).await? {
        match platform.engine.detach(&name, &nic.engine_network).await {
            Ok(()) | Err(EngineError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Value::Null)
}

/// Gives the ports back: those that compute made go, the others are free again.
pub(super) fn release(context: &Context, connection: &Connection, ports: &[PortId]) -> Result<()> {
    for nic in nics(context, connection, ports)? {
        network::facade::release_port(connection, context.now(), &nic.port)?;
    }
    Ok(())
}
