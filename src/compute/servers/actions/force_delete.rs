//! `forceDelete`: deletes at once, also what was deleted softly.

use kit::error::Result;
use kit::http::{Call, Reply};
use rusqlite::Connection;

use crate::servers::logic::Asked;
use crate::servers::{delete, states};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let write = move |db: &Connection| delete::delete(&asked, db, &states::FORCE_DELETE);
    call.platform.store.write("servers:force_delete", write).await?;
    Ok(Reply::empty())
}
