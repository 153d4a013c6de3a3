//! What other services may ask of compute.

use kit::Platform;
use kit::error::Result;
use kit::ids::ServerId;
use rusqlite::Connection;

pub use crate::capacity::{
    Amount, Capacity, Consumer, capacities, consumer, consumers_of_project, consumers_on,
};
pub use crate::delegate::{
    Delegate, GuestSeen, NewKey, ServerAction, ServerChange, generate_key, last_words,
    look_at_guest, server_target,
};
pub use crate::guest::facts::GuestFacts;
pub use crate::guest::openstack;
pub use crate::presence::{Health, Presence, health, health_of, presence};
pub use crate::servers::container::{Container, Publish};
pub use crate::servers::model::{Server, VmState, engine_name};
pub use crate::servers::password::logic::LIMIT_BYTES as PASSWORD_LIMIT_BYTES;
use crate::servers::{password, store};

/// All that a guest may learn of itself; `None` when there is no such living server.
pub fn guest_facts(connection: &Connection, id: &ServerId) -> Result<Option<GuestFacts>> {
    match store::get_for_system(connection, id)? {
        Some(server) => Ok(Some(facts(connection, &server)?)),
        None => Ok(None),
    }
}

/// Keeps the password that a guest has encrypted for its owner; a conflict while there is one.
pub async fn post_password(platform: &Platform, id: &ServerId, password: String) -> Result<()> {
    let id = id.clone();
    let write = move |db: &Connection| password::logic::post(db, &id, &password);
    platform.store.write("server-password:post", write).await
}

/// The facts of a server that was read already.
pub(crate) fn facts(connection: &Connection, server: &Server) -> Result<GuestFacts> {
    let nics = network::facade::nics_of(connection, &server.id)?;
    let ids = std::slice::from_ref(&server.id);
    let mut groups = network::facade::security_groups_of_many(connection, ids)?;
    let password = password::store::get(connection, &server.id)?;
    Ok(GuestFacts::new(server, password, nics, groups.remove(&server.id).unwrap_or_default()))
}
