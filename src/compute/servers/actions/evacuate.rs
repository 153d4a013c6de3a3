//! `evacuate`: a server whose host is gone is to be made anew elsewhere. While the one host is up
//! there is nothing to flee from, and while it is down there is nowhere to go: as in Nova the server
//! is then in ERROR.

use kit::error::{Error, Result};
use kit::http::{Call, Reply, since};
use kit::secret::Secret;
use rusqlite::Connection;
use serde_json::json;

use super::migrate::{NO_HOST, flag, no_destination, refuse, text};
use crate::hosts;
use crate::microversions::{EVACUATE_FORCE, EVACUATE_SHARED};
use crate::server_migrations::model::Kind;
use crate::servers::logic::Asked;
use crate::servers::states;

/// The handler. Until 2.13 the answer has the password of the guest that is to be.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let body = call.wrapped("evacuate");
    let host = text(body, "host");
    if since(EVACUATE_FORCE).contains(call.version) && flag(body, "force") && host.is_none() {
        return Err(no_destination());
    }
    let old = !since(EVACUATE_SHARED).contains(call.version);
    let shared = old && flag(body, "onSharedStorage");
    let given = text(body, "adminPass");
    if shared && given.is_some() {
        return Err(Error::bad_request("admin password can't be changed on existing disk"));
    }
    let write = move |db: &Connection| evacuate(&asked, db, host.as_deref());
    call.platform.store.write("servers:evacuate", write).await?;
    if !old {
        return Ok(Reply::empty());
    }
    let made = || Secret::random(12).expose().to_owned();
    let password = if shared { None } else { Some(given.unwrap_or_else(made)) };
    Ok(Reply::json(json!({"adminPass": password})))
}

fn evacuate(asked: &Asked, connection: &Connection, host: Option<&str>) -> Result<()> {
    let server = asked.open(connection)?;
    if let Some(name) = host
        && !hosts::store::exists(connection, name)?
    {
        return Err(Error::not_found(format!("Compute host {name} not found.")));
    }
    if host.is_some() && host == server.host.as_deref() {
        return Err(Error::bad_request("The target host can't be the same one."));
    }
    let action = &states::EVACUATE;
    action.check(&server, asked.is_admin)?;
    let own = server.host.clone().unwrap_or_default();
    if hosts::logic::is_up(connection, &own)? {
        return Err(Error::bad_request(format!("Compute service of {own} is still in use.")));
    }
    refuse(asked, connection, server, action, Kind::Evacuation, NO_HOST)
}
