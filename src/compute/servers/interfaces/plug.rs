//! The guest's side of an interface: put in, taken out. Both find their work done when they are
//! repeated, and when guest or port are gone.

use kit::engine::EngineError;
use kit::error::Result;
use kit::ids::PortId;
use kit::workflow::{Context, Failure};
use network::facade::Nic;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::servers::model::engine_name;
use crate::servers::steps::{macs_of, server_id};

/// Which interface an operation is about.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Params {
    pub(super) port: PortId,
}

/// The interface, while its port is the server's.
pub(super) fn nic(context: &Context, connection: &Connection) -> Result<Option<Nic>> {
    let Params { port } = context.params()?;
    let nics = network::facade::nics_of(connection, &server_id(context))?;
    Ok(nics.into_iter().find(|nic| nic.port == port))
}

async fn read_nic(context: &Context) -> Result<Option<Nic>, Failure> {
    let within = context.clone();
    Ok(context.platform.store.read(move |db| nic(&within, db)).await?)
}

/// Puts the interface into the guest; the answer is the MAC of each, by its network.
pub(super) async fn plug(context: Context) -> Result<Value, Failure> {
    let (platform, name) = (&context.platform, engine_name(&server_id(&context)));
    let nics: Vec<Nic> = read_nic(&context).await?.into_iter().collect();
    for attachment in network::facade::ensure_engine_networks(platform, &nics).await? {
        platform.engine.attach(&name, &attachment).await?;
    }
    Ok(serde_json::to_value(macs_of(platform, &name).await?)?)
}

/// Takes the interface out of the guest.
pub(super) async fn unplug(context: Context) -> Result<Value, Failure> {
    let Some(nic) = read_nic(&context).await? else { return Ok(Value::Null) };
    let name = engine_name(&server_id(&context));
    match context.platform.engine.detach(&name, &nic.engine_network).await {
        Ok(()) | Err(EngineError::NotFound(_)) => Ok(Value::Null),
        Err(error) => Err(error.into()),
    }
}

/// Gives the port back: one that compute made goes, any other is free again.
pub(super) fn release(context: &Context, connection: &Connection) -> Result<()> {
    match nic(context, connection)? {
        Some(nic) => network::facade::release_port(connection, context.now(), &nic.port),
        None => Ok(()),
    }
}
