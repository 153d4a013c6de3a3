//! Who gets a console, and what its token opens.

use kit::Platform;
use kit::clock::Time;
use kit::error::{Error, Result};
use kit::ids::ServerId;
use kit::secret::Secret;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::kinds::{self, Kind};
use super::store;
use crate::servers::logic::not_ready;
use crate::servers::model::{Server, VmState};
use crate::servers::store as servers;

/// Letters and digits of a token.
const TOKEN_LENGTH: usize = 48;
/// Where consoles are mounted.
pub(crate) const MOUNT: &str = "/console";

/// A console of a server, as asked for.
#[derive(Debug)]
pub(crate) struct Offer {
    kind: &'static Kind,
    token: Secret,
}

/// Promises a console of the server, if it can have one.
pub(crate) fn offer(
    connection: &Connection,
    server: &Server,
    protocol: &str,
    console_type: &str,
    (now, ttl_seconds): (Time, i64),
) -> Result<Offer> {
    if server.host.is_none() {
        return Err(not_ready(&server.id));
    }
    let kind = kinds::of(protocol);
    kind.action.check(server, true)?;
    kind.check(console_type)?;
    if !is_up(server) {
        return Err(not_ready(&server.id));
    }
    let token = Secret::random(TOKEN_LENGTH);
    let hash = hash(token.expose());
    store::insert(connection, &hash, &server.id, now, now.plus_seconds(ttl_seconds))?;
    Ok(Offer { kind, token })
}

impl Offer {
    /// Its address, below the service's own (`http://host:port/compute`).
    pub(crate) fn url(&self, service: &str) -> String {
        let Kind { scheme, path, .. } = self.kind;
        let rest = service.strip_prefix("http").unwrap_or(service);
        format!("{scheme}{rest}{MOUNT}{path}?token={}", self.token.expose())
    }
}

/// A console needs a shell to run.
fn is_up(server: &Server) -> bool {
    matches!(server.vm_state, VmState::Active | VmState::Rescued | VmState::Resized)
}

/// The server that a token leads to; the token stays good.
pub(crate) async fn look_up(platform: &Platform, token: &str) -> Result<Option<Server>> {
    let (hash, now) = (hash(token), platform.clock.now());
    let read = move |db: &Connection| living(db, store::get(db, &hash, now)?);
    platform.store.read(read).await
}

/// The server whose console the token opens, this once.
pub(super) async fn redeem(platform: &Platform, token: &str) -> Result<Server> {
    let (hash, now) = (hash(token), platform.clock.now());
    let write = move |db: &Connection| living(db, store::take(db, &hash, now)?);
    let server = platform.store.write("consoles:redeem", write).await?;
    server.filter(is_up).ok_or_else(|| Error::forbidden("This console token is not valid."))
}

fn living(connection: &Connection, id: Option<ServerId>) -> Result<Option<Server>> {
    match id {
        Some(id) => {
            let server = servers::get_for_system(connection, &id)?;
            Ok(server.filter(|server| server.deleted_at.is_none()))
        }
        None => Ok(None),
    }
}

/// As random as a key, so a plain digest is enough.
fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
