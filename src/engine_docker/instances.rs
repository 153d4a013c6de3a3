//! Containers: the engine's trait, call by call.

use std::pin::pin;
use std::time::Duration;

use async_trait::async_trait;
use bollard::container::LogOutput;
use bollard::errors::Error;
use bollard::models::{ContainerConfig, ContainerInspectResponse};
use bollard::query_parameters::{
    CommitContainerOptionsBuilder, CreateContainerOptionsBuilder, InspectContainerOptions,
    ListContainersOptionsBuilder, LogsOptionsBuilder, RemoveContainerOptionsBuilder,
    StatsOptionsBuilder, StopContainerOptionsBuilder, TopOptionsBuilder,
};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use kit::engine::filter::Filter;
use kit::engine::{
    Attachment, EngineError, EngineImage, EngineResult, Exec, ExecOutcome, GuestFile, Images,
    InstanceSpec, Instances, Labels, Limits, Observed, Power, Size, Terminal, Usage, image_labels,
};
use tokio::time::timeout;

use crate::connect::Patience;
use crate::errors::found;
use crate::names::{is_ours, must_be_ours, ours, repository_and_tag};
use crate::observe::{addresses, observed};
use crate::usage::usage;
use crate::{DockerEngine, proc_views, spec};

/// How many containers are looked at side by side.
const LOOKS: usize = 8;
/// What the console holds at most; from the end.
const CONSOLE_LIMIT_BYTES: usize = 4 << 20;

type FirstLine = Result<Option<String>, Error>;

#[async_trait]
impl Instances for DockerEngine {
    async fn create(&self, spec: &InstanceSpec) -> EngineResult<String> {
        if spec.guarded {
            self.note_guarded();
        }
        let (engine_id, connected) = match self.make_container(spec).await {
            Ok(made) => (made, spec.attachments.iter().take(1).cloned().collect()),
            Err(error) => self.made_before(spec, error).await?,
        };
        for wish in &spec.attachments {
            if !connected.iter().any(|has| has.network == wish.network) {
                self.connect_network(&spec.name, &wish.network, spec::endpoint(wish)).await?;
            }
        }
        Ok(engine_id)
    }

    async fn inspect(&self, name: &str) -> EngineResult<Option<Observed>> {
        let seen = self.look(name).await?.map(observed);
        Ok(seen.filter(|seen| is_ours(&self.installation, &seen.labels)))
    }

    async fn list(&self) -> EngineResult<Vec<Observed>> {
        let options = ListContainersOptionsBuilder::new()
            .all(true)
            .filters(&ours(&self.installation))
            .build();
        let listed =
            self.connection
                .call(Patience::Short, |docker| async move {
                    docker.list_containers(Some(options)).await
                })
                .await?;
        let looks = listed
            .into_iter()
            .filter_map(|container| container.id)
            .map(|id| async move { self.look(&id).await });
        let seen: Vec<_> = stream::iter(looks).buffer_unordered(LOOKS).try_collect().await?;
        let mut all: Vec<_> = seen.into_iter().flatten().map(observed).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    async fn start(&self, name: &str) -> EngineResult<()> {
        self.start_in_order(name).await
    }

    async fn stop(&self, name: &str, grace_seconds: u32) -> EngineResult<()> {
        let seconds = i32::try_from(grace_seconds).unwrap_or(i32::MAX);
        let options = StopContainerOptionsBuilder::new().t(seconds).build();
        self.connection
            .call(Patience::Grace(grace_seconds), |docker| async move {
                docker.stop_container(name, Some(options)).await
            })
            .await
    }

    async fn pause(&self, name: &str) -> EngineResult<()> {
        let answer = self
            .connection
            .call(Patience::Guest, |docker| async move { docker.pause_container(name).await })
            .await;
        self.unless(answer, name, Power::Paused).await
    }

    async fn unpause(&self, name: &str) -> EngineResult<()> {
        let answer = self
            .connection
            .call(Patience::Guest, |docker| async move { docker.unpause_container(name).await })
            .await;
        self.unless(answer, name, Power::Running).await
    }

    async fn remove(&self, name: &str) -> EngineResult<()> {
        let Some(seen) = self.look(name).await? else { return Ok(()) };
        let is_guarded = Self::is_guarded(&seen);
        let there = observed(seen);
        if !is_ours(&self.installation, &there.labels) {
            return Ok(());
        }
        let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
        let answer = self
            .connection
            .call(Patience::Guest, |docker| async move {
                docker.remove_container(name, Some(options)).await
            })
            .await;
        if is_guarded {
            self.forget_at_gate(&addresses(&there.attachments)).await;
        }
        found(answer).map(drop)
    }

    async fn console(&self, name: &str, tail: Option<u32>) -> EngineResult<Vec<u8>> {
        let tail = tail.map_or_else(|| "all".to_owned(), |lines| lines.to_string());
        let options = LogsOptionsBuilder::new().stdout(true).stderr(true).tail(&tail).build();
        self.connection
            .call(Patience::Guest, |docker| async move {
                let mut console = Vec::new();
                let mut parts = docker.logs(name, Some(options));
                while let Some(part) = parts.try_next().await? {
                    console.extend_from_slice(part.as_ref());
                    if console.len() > 2 * CONSOLE_LIMIT_BYTES {
                        keep_end(&mut console);
                    }
                }
                keep_end(&mut console);
                Ok(console)
            })
            .await
    }

    async fn first_line(&self, name: &str, patience: Duration) -> EngineResult<Option<String>> {
        let options = LogsOptionsBuilder::new().follow(true).stdout(true).stderr(true).build();
        self.connection
            .call(Patience::Guest, |docker| async move {
                let line = first_line(docker.logs(name, Some(options)));
                timeout(patience, line).await.unwrap_or(Ok(None))
            })
            .await
    }

    async fn set_limits(&self, name: &str, limits: &Limits) -> EngineResult<()> {
        let update = spec::update(limits);
        self.connection
            .call(
                Patience::Guest,
                |docker| async move { docker.update_container(name, update).await },
            )
            .await
    }

    async fn set_filter(&self, name: &str, filter: &Filter) -> EngineResult<()> {
        self.filter(name, filter).await
    }

    async fn put_files(&self, name: &str, files: &[GuestFile]) -> EngineResult<()> {
        self.upload(name, files).await
    }

    async fn read_file(
        &self,
        name: &str,
        path: &str,
        limit_bytes: u64,
    ) -> EngineResult<Option<GuestFile>> {
        self.download(name, path, limit_bytes).await
    }

    async fn exec(&self, name: &str, exec: &Exec) -> EngineResult<ExecOutcome> {
        self.run(name, exec).await
    }

    async fn exec_detached(&self, name: &str, exec: &Exec) -> EngineResult<()> {
        self.run_detached(name, exec).await
    }

    async fn open_terminal(&self, name: &str, size: Size) -> EngineResult<Terminal> {
        self.terminal(name, size).await
    }

    async fn commit(
        &self,
        name: &str,
        reference: &str,
        labels: &Labels,
        pause: bool,
    ) -> EngineResult<EngineImage> {
        let (repository, tag) = repository_and_tag(reference);
        let options = CommitContainerOptionsBuilder::new()
            .container(name)
            .repo(repository)
            .tag(tag)
            .pause(pause)
            .build();
        let labels = image_labels(&self.installation, labels).into_iter().collect();
        let config = ContainerConfig { labels: Some(labels), ..ContainerConfig::default() };
        self.connection
            .call(
                Patience::Bulk,
                |docker| async move { docker.commit_container(options, config).await },
            )
            .await?;
        let made = self.image(reference).await?;
        made.ok_or_else(|| EngineError::NotFound(reference.to_owned()))
    }

    async fn attach(&self, name: &str, attachment: &Attachment) -> EngineResult<()> {
        self.add_interface(name, attachment).await
    }

    async fn detach(&self, name: &str, network: &str) -> EngineResult<()> {
        self.take_interface(name, network).await
    }

    async fn usage(&self, name: &str) -> EngineResult<Usage> {
        let options = StatsOptionsBuilder::new().stream(false).one_shot(true).build();
        let stats = self
            .connection
            .gather(Patience::Short, |docker| docker.stats(name, Some(options)))
            .await?;
        let usage = stats.into_iter().next().and_then(usage);
        if usage.is_none() && self.seen(name).await?.power == Power::Running {
            // Docker 20.10 on control groups that its containerd can't read.
            return Err(EngineError::Unsupported("the engine measures nothing".into()));
        }
        Ok(usage.unwrap_or_default())
    }

    async fn processes(&self, name: &str) -> EngineResult<Vec<Vec<String>>> {
        let options = TopOptionsBuilder::new().ps_args("-ef").build();
        let top = self
            .connection
            .call(Patience::Short, |docker| async move {
                docker.top_processes(name, Some(options)).await
            })
            .await?;
        let titles = top.titles.into_iter();
        Ok(titles.chain(top.processes.into_iter().flatten()).collect())
    }
}

impl DockerEngine {
    /// Makes the container on the first of its networks; its id.
    async fn make_container(&self, spec: &InstanceSpec) -> EngineResult<String> {
        let link = self.connection.link().await?;
        let views = if link.beside { proc_views::mounts() } else { Vec::new() };
        let body = spec::container(&self.installation, spec, link.disk_limits, views);
        let options = CreateContainerOptionsBuilder::new().name(&spec.name).build();
        self.connection
            .call(Patience::Guest, |docker| async move {
                docker.create_container(Some(options), body).await.map(|made| made.id)
            })
            .await
    }

    /// The container's id and interfaces, where one of that name is there. Whatever the failure: it
    /// is what was asked for.
    async fn made_before(
        &self,
        spec: &InstanceSpec,
        failure: EngineError,
    ) -> EngineResult<(String, Vec<Attachment>)> {
        let there = self.look(&spec.name).await?.map(observed).ok_or(failure)?;
        must_be_ours(&self.installation, &there.labels, &spec.name)?;
        Ok((there.engine_id, there.attachments))
    }

    /// A container by name or id, whoever it belongs to.
    pub(crate) async fn look(&self, name: &str) -> EngineResult<Option<ContainerInspectResponse>> {
        let answer = self.connection.call(Patience::Short, |docker| async move {
            docker.inspect_container(name, None::<InspectContainerOptions>).await
        });
        found(answer.await)
    }

    async fn seen(&self, name: &str) -> EngineResult<Observed> {
        self.look(name).await?.map(observed).ok_or_else(|| no_such(name))
    }

    /// Docker refuses to freeze what is frozen and to thaw what is not: success, if the container
    /// is then what was asked for.
    async fn unless(
        &self,
        answer: EngineResult<()>,
        name: &str,
        wanted: Power,
    ) -> EngineResult<()> {
        let Err(error @ (EngineError::Refused(_) | EngineError::Other(_))) = answer else {
            return answer;
        };
        match self.look(name).await?.map(observed) {
            Some(seen) if seen.power == wanted => Ok(()),
            Some(_) => Err(EngineError::Refused(error.to_string())),
            None => Err(error),
        }
    }
}

pub(crate) fn no_such(name: &str) -> EngineError {
    EngineError::NotFound(format!("no such instance: {name}"))
}

/// What comes before the first end of a line, or the end.
async fn first_line(parts: impl Stream<Item = Result<LogOutput, Error>>) -> FirstLine {
    let mut said = Vec::new();
    let mut parts = pin!(parts);
    while let Some(part) = parts.try_next().await? {
        said.extend_from_slice(part.as_ref());
        if said.contains(&b'\n') || said.len() > CONSOLE_LIMIT_BYTES {
            break;
        }
    }
    let text = String::from_utf8_lossy(&said);
    Ok(text.lines().next().map(|line| line.trim_end().to_owned()))
}

fn keep_end(console: &mut Vec<u8>) {
    let excess = console.len().saturating_sub(CONSOLE_LIMIT_BYTES);
    console.drain(..excess);
}
