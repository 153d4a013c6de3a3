//! `/servers/{server_id}/diagnostics`.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use rusqlite::Connection;

use super::{figures, view};
use crate::microversions::DIAGNOSTICS;
use crate::servers::logic::Asked;

/// `GET …/diagnostics`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let read = move |db: &Connection| {
        let server = asked.open(db)?;
        if server.host.is_none() {
            return Err(Error::conflict(format!("Instance {} is not ready", server.id)));
        }
        let nics = network::facade::nics_of(db, &server.id)?;
        Ok((server, nics))
    };
    let (server, nics) = call.platform.store.read(read).await?;
    let figures = figures::of(&call.platform, server, nics).await?;
    let uniform = call.version >= DIAGNOSTICS;
    Ok(Reply::json(if uniform { view::uniform(&figures) } else { view::by_name(&figures) }))
}
