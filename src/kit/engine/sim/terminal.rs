//! The terminal of a simulated guest: it shows what is typed, as a shell without commands would.
//!
//! `exit` on a line of its own ends it; another size is told in a line. **Invariant:** the guest
//! holds the sending end of every terminal, so none outlives it.

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::{SimEngine, world};
use crate::engine::{EngineError, EngineResult, Size, Terminal, TerminalControl};

const PROMPT: &str = "$ ";

/// A terminal as its guest keeps it.
#[derive(Debug)]
pub(super) struct Shell {
    id: u64,
    output: UnboundedSender<Bytes>,
    line: Vec<u8>,
}

impl Shell {
    fn show(&self, bytes: &[u8]) {
        // Nobody listens: the end is noticed at the next key or when it is closed.
        self.output.send(Bytes::copy_from_slice(bytes)).ok();
    }

    /// Shows what is typed; `false` when that was the end.
    fn typed(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            if !matches!(byte, b'\r' | b'\n') {
                self.line.push(*byte);
                self.show(&[*byte]);
                continue;
            }
            self.show(b"\r\n");
            if std::mem::take(&mut self.line) == b"exit" {
                return false;
            }
            self.show(PROMPT.as_bytes());
        }
        true
    }
}

struct Control {
    engine: SimEngine,
    guest: String,
    id: u64,
}

impl SimEngine {
    pub(super) async fn terminal(&self, name: &str, size: Size) -> EngineResult<Terminal> {
        let (output, shown) = unbounded_channel();
        let id = self
            .call("open_terminal", |world| {
                let id = world.next_terminal();
                let guest = world::known(&mut world.guests, name)?;
                guest.must_run()?;
                let shell = Shell { id, output, line: Vec::new() };
                shell.show(format!("[sim] {size}\r\n{PROMPT}").as_bytes());
                guest.terminals.push(shell);
                Ok(id)
            })
            .await?;
        let control = Control { engine: self.clone(), guest: name.to_owned(), id };
        let output = stream::unfold(shown, |mut shown| async {
            let next = shown.recv().await?;
            Some((next, shown))
        });
        Ok(Terminal { output: Box::pin(output), control: Box::new(control) })
    }

    /// How many terminals are open in the instance.
    pub fn terminals(&self, name: &str) -> usize {
        self.world().guests.get(name).map_or(0, |guest| guest.terminals.len())
    }
}

impl Control {
    /// Does something with the shell, which goes when that answers `false`.
    async fn with(
        &self,
        call: &'static str,
        act: impl FnOnce(&mut Shell) -> bool + Send,
    ) -> EngineResult<()> {
        let ended = || EngineError::NotFound(format!("{}: the terminal has ended", self.guest));
        self.engine
            .call(call, |world| {
                let guest = world::known(&mut world.guests, &self.guest)?;
                let shells = &mut guest.terminals;
                let place = shells.iter().position(|shell| shell.id == self.id);
                let place = place.ok_or_else(ended)?;
                if !shells.get_mut(place).is_some_and(act) {
                    shells.remove(place);
                }
                Ok(())
            })
            .await
    }
}

#[async_trait]
impl TerminalControl for Control {
    async fn write(&mut self, bytes: &[u8]) -> EngineResult<()> {
        self.with("terminal_write", |shell| shell.typed(bytes)).await
    }

    async fn resize(&mut self, size: Size) -> EngineResult<()> {
        let told = format!("\r\n[sim] {size}\r\n{PROMPT}");
        self.with("terminal_resize", |shell| {
            shell.show(told.as_bytes());
            true
        })
        .await
    }

    async fn close(self: Box<Self>) -> EngineResult<()> {
        match self.with("terminal_close", |_| false).await {
            Ok(()) | Err(EngineError::NotFound(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
