//! A shell on a terminal in a guest, by an `exec` that is attached to.
//!
//! Docker lets such a command go on when the connection is gone. So the shell says its process id
//! first, and is hung up by it, as `sshd` does with the shell of a session that broke off.

use std::pin::Pin;
use std::time::Duration;

use async_trait::async_trait;
use bollard::container::LogOutput;
use bollard::errors::Error;
use bollard::exec::{CreateExecOptions, ResizeExecOptions, StartExecOptions, StartExecResults};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};
use kit::engine::{EngineError, EngineResult, Exec, Size, Terminal, TerminalControl};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::DockerEngine;
use crate::connect::Patience;

/// The best shell that the guest has, as at a login; it keeps the process id that was said.
const LOGIN: &str = "echo $$; export LANG=\"${LANG:-C.UTF-8}\"; cd 2>/dev/null; \
    command -v bash >/dev/null && exec bash -l; exec sh -l";
const TERM: &str = "TERM=xterm-256color";
/// A shell may need a moment to end what it runs.
const HANG_UP: &str = "kill -HUP \"$0\" 2>/dev/null; sleep 1; kill -KILL \"$0\" 2>/dev/null";
/// A guest's shell says its process id by then, or is none.
const FIRST_LINE_PATIENCE: Duration = Duration::from_secs(10);
/// No process id is longer, with what else may stand before the end of the first line.
const FIRST_LINE_LIMIT: usize = 256;
/// A guest that reads nothing for so long hangs.
const WRITE_PATIENCE: Duration = Duration::from_secs(10);

type Output = Pin<Box<dyn Stream<Item = Result<LogOutput, Error>> + Send>>;

struct Control {
    engine: DockerEngine,
    guest: String,
    exec: String,
    /// In the guest.
    pid: String,
    input: Pin<Box<dyn AsyncWrite + Send>>,
}

impl DockerEngine {
    pub(crate) async fn terminal(&self, name: &str, size: Size) -> EngineResult<Terminal> {
        let options = CreateExecOptions {
            attach_stdin: Some(true),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            tty: Some(true),
            cmd: Some(["sh", "-c", LOGIN].map(str::to_owned).to_vec()),
            env: Some(vec![TERM.to_owned()]),
            ..CreateExecOptions::default()
        };
        let call = |docker: bollard::Docker| async move { docker.create_exec(name, options).await };
        let exec = self.connection.call(Patience::Short, call).await?.id;
        let options = StartExecOptions { tty: true, ..StartExecOptions::default() };
        let start = |docker: bollard::Docker| {
            let exec = exec.clone();
            async move { docker.start_exec(&exec, Some(options)).await }
        };
        let started = self.connection.call(Patience::Guest, start).await?;
        let StartExecResults::Attached { mut output, input } = started else {
            return Err(EngineError::Other("a terminal that is not attached to".to_owned()));
        };
        let (pid, rest) = first_line(&mut output).await?;
        let (engine, guest) = (self.clone(), name.to_owned());
        let mut control = Box::new(Control { engine, guest, exec, pid, input });
        control.resize(size).await?;
        let shown = output.map(|part| part.map(LogOutput::into_bytes));
        let shown = shown.take_while(|part| std::future::ready(part.is_ok()));
        let shown = shown.filter_map(|part| std::future::ready(part.ok()));
        let output = stream::iter(Some(rest).filter(|rest| !rest.is_empty())).chain(shown);
        Ok(Terminal { output: Box::pin(output), control })
    }
}

/// What the shell said of itself, and what was shown since.
async fn first_line(output: &mut Output) -> EngineResult<(String, Bytes)> {
    let none = || EngineError::Refused("the guest has no shell".to_owned());
    let read = async {
        let mut seen = BytesMut::new();
        loop {
            if let Some(end) = seen.iter().position(|byte| *byte == b'\n') {
                let line = seen.split_to(end + 1);
                return Some((String::from_utf8_lossy(&line).trim().to_owned(), seen.freeze()));
            }
            if seen.len() > FIRST_LINE_LIMIT {
                return None;
            }
            seen.extend_from_slice(&output.next().await?.ok()?.into_bytes());
        }
    };
    let read = tokio::time::timeout(FIRST_LINE_PATIENCE, read).await.ok().flatten();
    let is_pid = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    read.filter(|(pid, _)| is_pid(pid)).ok_or_else(none)
}

#[async_trait]
impl TerminalControl for Control {
    async fn write(&mut self, bytes: &[u8]) -> EngineResult<()> {
        let gone = |error: std::io::Error| EngineError::NotFound(format!("terminal: {error}"));
        let write = async {
            self.input.write_all(bytes).await?;
            self.input.flush().await
        };
        match tokio::time::timeout(WRITE_PATIENCE, write).await {
            Ok(written) => written.map_err(gone),
            Err(_) => Err(EngineError::Other("the terminal takes nothing".to_owned())),
        }
    }

    async fn resize(&mut self, size: Size) -> EngineResult<()> {
        let options = ResizeExecOptions { height: size.rows, width: size.columns };
        let exec = &self.exec;
        let call = |docker: bollard::Docker| async move { docker.resize_exec(exec, options).await };
        self.engine.connection.call(Patience::Short, call).await
    }

    async fn close(self: Box<Self>) -> EngineResult<()> {
        let exec = &self.exec;
        let look = |docker: bollard::Docker| async move { docker.inspect_exec(exec).await };
        match self.engine.connection.call(Patience::Short, look).await {
            Ok(seen) if seen.running == Some(true) => {}
            Ok(_) | Err(EngineError::NotFound(_)) => return Ok(()),
            Err(error) => return Err(error),
        }
        let command = ["sh", "-c", HANG_UP, &self.pid].map(str::to_owned).to_vec();
        let hang_up = Exec { command, ..Exec::default() };
        self.engine.run_detached(&self.guest, &hang_up).await
    }
}
