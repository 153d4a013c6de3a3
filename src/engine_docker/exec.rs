//! Commands in a running guest.

use std::time::Duration;

use bollard::Docker;
use bollard::errors::Error;
use bollard::exec::{CreateExecOptions, StartExecOptions, StartExecResults};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use kit::engine::{EngineError, EngineResult, Exec, ExecOutcome};
use tokio::io::AsyncWriteExt;

use crate::DockerEngine;
use crate::connect::Patience;
use crate::spec::pairs;

/// More output than this is read and dropped: a guest can't fill our memory.
const OUTPUT_LIMIT_BYTES: usize = 1 << 20;
/// The output may end a moment before Docker notes the exit code.
const CODE_POLLS: u32 = 200;
const CODE_POLL_EVERY: Duration = Duration::from_millis(10);

impl DockerEngine {
    pub(crate) async fn run(&self, name: &str, exec: &Exec) -> EngineResult<ExecOutcome> {
        let id = self.prepare(name, exec, true).await?;
        let stdin = exec.stdin.clone();
        let output = self
            .connection
            .call(Patience::Bulk, |docker| attached(docker, id.clone(), stdin))
            .await?;
        Ok(ExecOutcome { exit_code: self.exit_code(&id).await?, output })
    }

    pub(crate) async fn run_detached(&self, name: &str, exec: &Exec) -> EngineResult<()> {
        let id = self.prepare(name, exec, false).await?;
        let options = StartExecOptions { detach: true, ..StartExecOptions::default() };
        self.connection
            .call(Patience::Guest, |docker| async move {
                docker.start_exec(&id, Some(options)).await.map(drop)
            })
            .await
    }

    async fn prepare(&self, name: &str, exec: &Exec, attach: bool) -> EngineResult<String> {
        let options = CreateExecOptions {
            attach_stdin: Some(attach && exec.stdin.is_some()),
            attach_stdout: Some(attach),
            attach_stderr: Some(attach),
            cmd: Some(exec.command.clone()),
            env: Some(pairs(&exec.environment)),
            user: Some(exec.user.clone()).filter(|user| !user.is_empty()),
            ..CreateExecOptions::default()
        };
        self.connection
            .call(Patience::Short, |docker| async move { docker.create_exec(name, options).await })
            .await
            .map(|created| created.id)
    }

    async fn exit_code(&self, id: &str) -> EngineResult<i64> {
        for _ in 0..CODE_POLLS {
            let seen = self
                .connection
                .call(Patience::Short, |docker| async move { docker.inspect_exec(id).await })
                .await?;
            if let (Some(false), Some(code)) = (seen.running, seen.exit_code) {
                return Ok(code);
            }
            tokio::time::sleep(CODE_POLL_EVERY).await;
        }
        Err(EngineError::Other("the command's exit code is not to be had".into()))
    }
}

/// Feeds the command and reads it out at the same time: either side may wait for the other.
async fn attached(docker: Docker, id: String, stdin: Option<Bytes>) -> Result<Bytes, Error> {
    let options = StartExecOptions::default();
    let StartExecResults::Attached { mut output, mut input } =
        docker.start_exec(&id, Some(options)).await?
    else {
        return Ok(Bytes::new());
    };
    let feed = async {
        if let Some(stdin) = stdin {
            // A command that ends without reading to the end breaks the pipe: its right.
            input.write_all(&stdin).await.ok();
            input.shutdown().await.ok();
        }
    };
    let read = async {
        let mut all = BytesMut::new();
        while let Some(part) = output.next().await {
            let part = part?.into_bytes();
            let room = OUTPUT_LIMIT_BYTES.saturating_sub(all.len()).min(part.len());
            all.extend_from_slice(part.get(..room).unwrap_or_default());
        }
        Ok::<_, Error>(all.freeze())
    };
    let ((), output) = tokio::join!(feed, read);
    output
}
