//! A terminal in a guest, as its user sits before it.

use std::pin::Pin;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::Stream;

use super::EngineResult;

/// How large a terminal is, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Characters in a line.
    pub columns: u16,
    /// Lines.
    pub rows: u16,
}

/// A shell on a terminal of its own.
///
/// The output ends when the shell does, which it also does with its guest. Whoever opened it ends it
/// with [`TerminalControl::close`]: an engine does not notice that nobody listens any more.
pub struct Terminal {
    /// What the terminal shows.
    pub output: Pin<Box<dyn Stream<Item = Bytes> + Send>>,
    /// The way to it.
    pub control: Box<dyn TerminalControl>,
}

/// The keyboard and the frame of a terminal.
#[async_trait]
pub trait TerminalControl: Send {
    /// Types.
    async fn write(&mut self, bytes: &[u8]) -> EngineResult<()>;
    /// Makes it another size.
    async fn resize(&mut self, size: Size) -> EngineResult<()>;
    /// Hangs up: the shell ends, and so does what it runs in the foreground. Ended already is success.
    async fn close(self: Box<Self>) -> EngineResult<()>;
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} columns, {} rows", self.columns, self.rows)
    }
}
