//! `POST /servers/{server_id}/remote-consoles`, the actions before it, and what a token leads to.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{logic, offer};
use crate::servers::logic::Asked;

/// `POST …/remote-consoles`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let asked = |key| call.wrapped_text("remote_console", key).unwrap_or_default().to_owned();
    let (protocol, console_type) = (asked("protocol"), asked("type"));
    // Nova: what it had once is refused by its protocol, what it has not by its type.
    if protocol == "rdp" {
        let asked = Asked::new(&call)?;
        call.platform.store.read(move |db: &Connection| asked.open(db)).await?;
        return Err(Error::bad_request("Unavailable console type rdp."));
    }
    let url = address(&call, &protocol, &console_type).await?;
    let console = json!({"protocol": protocol, "type": console_type, "url": url});
    Ok(Reply::json(json!({"remote_console": console})))
}

/// `os-getVNCConsole`.
pub(crate) async fn vnc(call: Call) -> Result<Reply> {
    by_action(&call, "vnc").await
}

/// `os-getSPICEConsole`.
pub(crate) async fn spice(call: Call) -> Result<Reply> {
    by_action(&call, "spice").await
}

/// `os-getSerialConsole`.
pub(crate) async fn serial(call: Call) -> Result<Reply> {
    by_action(&call, "serial").await
}

async fn by_action(call: &Call, protocol: &str) -> Result<Reply> {
    let key = call.operation.action.unwrap_or_default();
    let console_type = call.wrapped_text(key, "type").unwrap_or_default().to_owned();
    let url = address(call, protocol, &console_type).await?;
    Ok(Reply::json(json!({"console": {"type": console_type, "url": url}})))
}

async fn address(call: &Call, protocol: &str, console_type: &str) -> Result<String> {
    let asked = Asked::new(call)?;
    let (protocol, console_type) = (protocol.to_owned(), console_type.to_owned());
    let times = (asked.now, call.platform.settings.compute.console_token_ttl);
    let read = move |db: &Connection| {
        let server = asked.open(db)?;
        offer(db, &server, &protocol, &console_type, times)
    };
    let offer = call.platform.store.read(read).await?;
    Ok(offer.url(&format!("{}{}", call.links.host, call.links.prefix)))
}

/// `GET /os-console-auth-tokens/{console_token}`: where a proxy would connect to.
pub(crate) async fn show_token(call: Call) -> Result<Reply> {
    call.authorize()?;
    let found = logic::look_up(&call.platform, call.param("console_token")).await?;
    let server = found.ok_or_else(|| Error::not_found("Token not found"))?;
    // No proxy is between: the guest is reached through its engine, which has no port of its own.
    let console = json!({
        "instance_uuid": server.id,
        "host": server.host,
        "port": 0,
        "internal_access_path": Value::Null,
    });
    Ok(Reply::json(json!({"console": console})))
}

/// The same before 2.31, when only RDP had such tokens; Nova has it no more.
pub(crate) async fn show_old_token(call: Call) -> Result<Reply> {
    call.authorize()?;
    Err(Error::bad_request(
        "The server could not comply with the request since it is either malformed or otherwise \
         incorrect.",
    ))
}
