//! Why a server is in ERROR, in Nova's words.

use kit::clock::Time;
use kit::error::Result;
use kit::workflow::Context;
use rusqlite::Connection;

use super::model::{Fault, Server};
use super::store;

/// What everybody learns when there is nothing that a client may read. Nova says this when every
/// host has failed.
fn exhausted(server: &Server) -> String {
    format!(
        "Exceeded maximum number of retries. Exhausted all hosts available for retrying build \
         failures for instance {}.",
        server.id
    )
}

/// Notes why the operation failed.
pub(crate) fn note(context: &Context, connection: &Connection, server: &Server) -> Result<()> {
    let message = context.message().filter(|text| !text.is_empty()).map(str::to_owned);
    let fault = Fault {
        code: 500,
        message: message.unwrap_or_else(|| exhausted(server)),
        details: context.error().unwrap_or_default().to_owned(),
        created_at: context.now(),
    };
    store::insert_fault(connection, &server.id, &fault)
}

/// Notes why something was refused after the request was taken.
pub(crate) fn note_refusal(
    connection: &Connection,
    now: Time,
    server: &Server,
    why: &str,
) -> Result<()> {
    let fault =
        Fault { code: 400, message: why.to_owned(), details: String::new(), created_at: now };
    store::insert_fault(connection, &server.id, &fault)
}
