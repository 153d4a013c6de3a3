//! `restore`: would bring back a server that is deleted but not yet gone. Nothing is deleted
//! softly here (Nova: `reclaim_instance_interval` is 0), so the state never fits.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use rusqlite::Connection;

use crate::servers::logic::Asked;
use crate::servers::states;

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let read =
        move |db: &Connection| states::RESTORE.check(&asked.open_even_deleted(db)?, asked.is_admin);
    call.platform.store.read(read).await?;
    Err(Error::internal("a server was deleted softly"))
}
