//! `/servers/{server_id}/os-security-groups`.

use kit::error::Result;
use kit::http::{Call, Reply};
use rusqlite::Connection;
use serde_json::json;

use crate::network_proxy::Proxy;
use crate::security_groups::logic::sources;
use crate::security_groups::view;
use crate::servers::logic::Asked;

/// `GET …/os-security-groups`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let (asked, proxy) = (Asked::new(&call)?, Proxy::of(&call)?);
    let read = move |db: &Connection| {
        let server = asked.open(db)?;
        let groups = network::facade::security_groups_of(db, &server.id)?;
        let sources = sources(proxy.network(db), &groups);
        Ok((groups, sources))
    };
    let (groups, sources) = call.platform.store.read(read).await?;
    Ok(Reply::json(json!({"security_groups": view::groups(&groups, &sources)})))
}
