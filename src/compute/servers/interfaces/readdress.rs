//! One address more or one less on an interface that the server has (Nova: `multinic.py`), below 2.44.
//!
//! Nova answers before anything is done about it; here the rows say it at once and the guest follows.
//! Where the guest cannot have the address it is given back, and the server keeps the fault.

use std::net::IpAddr;

use kit::error::{Error, Result};
use kit::ids::{NetworkId, PortId};
use kit::step;
use kit::workflow::{Context, Failure, Workflow, nothing, record_nothing, submit};
use network::facade::Nic;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::plug;
use crate::servers::actions::DEADLINE_SECONDS;
use crate::servers::logic::Asked;
use crate::servers::model::Server;
use crate::servers::states::{self, Action};
use crate::servers::steps::give_up;

pub(crate) static READDRESS: Workflow = Workflow {
    kind: "server.readdress",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[
        step!("rows", record: record_nothing, undo: (nothing, take_back)),
        step!("guest", act: follow, undo: (follow_back, record_nothing)),
    ],
    on_failed: give_up,
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Params {
    port: PortId,
    /// The address that is new.
    comes: Option<IpAddr>,
}

/// Gives the server's interface on a network one more address, and promises it to the guest.
pub(crate) fn add(asked: &Asked, connection: &Connection, network: &NetworkId) -> Result<()> {
    let action = &states::ADD_FIXED_IP;
    let server = asked.open_for(connection, action)?;
    let (port, given) = network::facade::add_fixed_ip(connection, asked.now, &server.id, network)?;
    let comes = given.ok_or_else(|| {
        Error::bad_request(format!("No fixed IP addresses available for network: {network}"))
    })?;
    promise(asked, connection, &server, action, Params { port, comes: Some(comes) })
}

/// Takes an address from the server's interface that has it.
pub(crate) fn remove(asked: &Asked, connection: &Connection, address: IpAddr) -> Result<()> {
    let action = &states::REMOVE_FIXED_IP;
    let server = asked.open_for(connection, action)?;
    let id = &server.id;
    let nics = network::facade::nics_of(connection, id)?;
    let has = |nic: &Nic| nic.addresses.iter().any(|(one, _)| *one == address);
    let nic = nics.into_iter().find(has).ok_or_else(|| {
        Error::bad_request(format!("Instance {id} does not have fixed IP '{address}'."))
    })?;
    let first = nic.addresses.iter().find(|(one, _)| one.is_ipv4() == address.is_ipv4());
    if first.is_some_and(|(one, _)| *one == address) {
        return Err(Error::bad_request(format!(
            "Fixed IP '{address}' is the first of its interface and goes with it."
        )));
    }
    network::facade::remove_fixed_ip(connection, asked.now, &nic.port, address)?;
    promise(asked, connection, &server, action, Params { port: nic.port, comes: None })
}

/// Nova: whatever else is being done to the server, and without a word in the list of its actions.
fn promise(
    asked: &Asked,
    connection: &Connection,
    server: &Server,
    action: &'static Action,
    params: Params,
) -> Result<()> {
    let params = serde_json::to_value(params)?;
    let operation = asked.operation(server, action.label, &READDRESS, params);
    submit(connection, asked.now, operation).map(drop)
}

async fn follow(context: Context) -> Result<Value, Failure> {
    let Params { port, .. } = context.params()?;
    plug::plug_again(&context, vec![port]).await
}

/// The guest is as it was, whatever the rows say still.
async fn follow_back(context: Context) -> Result<Value, Failure> {
    let Params { port, comes } = context.params()?;
    let within = context.clone();
    let read = move |db: &Connection| plug::nics(&within, db, &[port]);
    let mut nics = context.platform.store.read(read).await?;
    for nic in &mut nics {
        nic.addresses.retain(|(address, _)| Some(*address) != comes);
    }
    plug::put_in(&context, &nics).await
}

fn take_back(context: &Context, connection: &Connection) -> Result<()> {
    let Params { port, comes } = context.params()?;
    let take =
        |address| network::facade::remove_fixed_ip(connection, context.now(), &port, address);
    comes.map_or(Ok(()), take)
}
