//! Bodies that are never whole in memory.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use crate::error::{Error, Result};

/// A client that sends nothing for so long has gone.
const IDLE: Duration = Duration::from_mins(1);

/// The body of a request as it comes.
pub struct Upload {
    chunks: Pin<Box<dyn Stream<Item = Result<Bytes>>>>,
    /// What `Content-Length` promised, bytes.
    pub length: Option<u64>,
}

impl Upload {
    /// Wraps a stream of chunks.
    pub fn new(chunks: impl Stream<Item = Result<Bytes>> + 'static, length: Option<u64>) -> Self {
        Self { chunks: Box::pin(chunks), length }
    }

    /// The next chunk; `None` at the end. A client that stalls or hangs up is an error.
    pub async fn next(&mut self) -> Option<Result<Bytes>> {
        match tokio::time::timeout(IDLE, self.chunks.next()).await {
            Ok(chunk) => chunk,
            Err(_) => Some(Err(Error::bad_request("The client stopped sending."))),
        }
    }
}

/// The body of an answer as it goes.
pub struct Download {
    /// The chunks; an error ends the connection, so that the client sees a short body.
    pub chunks: Pin<Box<dyn Stream<Item = Result<Bytes>>>>,
    /// Its length, if known, bytes.
    pub length: Option<u64>,
    /// Its media type.
    pub media_type: &'static str,
}
