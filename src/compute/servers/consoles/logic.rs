//! Who gets a console, and what its token opens.

use kit::Platform;
use kit::clock::Time;
use kit::error::{Error, Result};
use kit::secret::Secret;
use rusqlite::Connection;

use super::kinds::{self, Kind};
use super::store;
use super::token::{self, Promise};
use crate::servers::logic::not_ready;
use crate::servers::model::{Server, VmState};
use crate::servers::store as servers;

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
    let promise = Promise { server: server.id.clone(), expires_at: now.plus_seconds(ttl_seconds) };
    Ok(Offer { kind, token: promise.sign(&store::key(connection)?)? })
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
    let (token, now) = (token.to_owned(), platform.clock.now());
    let read = move |db: &Connection| match promised(db, &token, now)? {
        Some(promise) if !store::is_used(db, &token::hash(&token))? => living(db, &promise),
        Some(_) | None => Ok(None),
    };
    platform.store.read(read).await
}

/// The server whose console the token opens, this once.
pub(super) async fn redeem(platform: &Platform, token: &str) -> Result<Server> {
    let (token, now) = (token.to_owned(), platform.clock.now());
    let write = move |db: &Connection| {
        let Some(promise) = promised(db, &token, now)? else { return Ok(None) };
        let is_first = store::use_up(db, &token::hash(&token), now, promise.expires_at)?;
        if is_first { living(db, &promise) } else { Ok(None) }
    };
    let server = platform.store.write("consoles:redeem", write).await?;
    server.filter(is_up).ok_or_else(|| Error::forbidden("This console token is not valid."))
}

fn promised(connection: &Connection, token: &str, now: Time) -> Result<Option<Promise>> {
    Promise::read(&store::key(connection)?, token, now)
}

fn living(connection: &Connection, promise: &Promise) -> Result<Option<Server>> {
    let server = servers::get_for_system(connection, &promise.server)?;
    Ok(server.filter(|server| server.deleted_at.is_none()))
}
