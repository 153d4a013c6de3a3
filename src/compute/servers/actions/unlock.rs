//! `unlock`: takes a lock away.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::workflow::note;
use rusqlite::Connection;
use serde_json::Value;

use super::lock::NOTED;
use crate::servers::logic::{self, Asked};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let write = move |db: &Connection| {
        let server = logic::unlock(&asked, db)?;
        note(db, asked.now, asked.operation(&server, "unlock", &NOTED, Value::Null))?;
        Ok(())
    };
    call.platform.store.write("servers:unlock", write).await?;
    Ok(Reply::empty())
}
