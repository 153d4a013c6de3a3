//! `injectNetworkInfo`: Nova hands it to its driver, and drivers do nothing about it.

use kit::error::Result;
use kit::http::{Call, Reply};
use rusqlite::Connection;

use crate::servers::logic::Asked;
use crate::servers::states;

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let read = move |db: &Connection| asked.open_for(db, &states::INJECT_NETWORK_INFO).map(drop);
    call.platform.store.read(read).await?;
    Ok(Reply::empty())
}
