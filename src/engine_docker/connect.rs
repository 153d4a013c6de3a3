//! The way to the engine: found when first needed, found again when lost.
//!
//! **Invariant:** no call hangs for ever. Every one runs under a [`Patience`]; an engine that
//! does not answer within it is [`EngineError::Unreachable`], as one that is not there.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bollard::errors::Error;
use bollard::{API_DEFAULT_VERSION, ClientVersion, Docker};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use kit::engine::{ByteStream, EngineError, EngineResult};

use crate::dialect::{self, ApiVersion};
use crate::errors::meaning;
use crate::host::{data_root, disk_limits, is_beside};

/// The oldest API that has everything used here: Docker 20.10.
const OLDEST: ApiVersion = ApiVersion(1, 41);
/// The newest whose types bollard has.
const NEWEST: ApiVersion = ApiVersion(1, 53);
/// bollard's own patience, for a whole exchange; ours is always shorter.
const LONGEST_SECONDS: u64 = 24 * 3600;

/// How long an answer may take.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Patience {
    /// Whether the engine is there at all.
    Probe,
    /// Questions, and what the engine does at once.
    Short,
    /// What waits for a guest to start, to be removed, to be frozen.
    Guest,
    /// What moves whole file systems.
    Bulk,
    /// A stop: the guest's own grace, and then some.
    Grace(u32),
}

impl Patience {
    fn limit(self) -> Duration {
        Duration::from_secs(match self {
            Self::Probe => 5,
            Self::Short => 30,
            Self::Guest => 120,
            Self::Bulk => 3600,
            Self::Grace(seconds) => u64::from(seconds) + 60,
        })
    }
}

/// A way to an engine that answered.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) docker: Docker,
    pub(crate) api: ApiVersion,
    /// Whether a limit on the size of a container's root file system holds there.
    pub(crate) disk_limits: bool,
    /// Whether the engine is on this machine.
    pub(crate) beside: bool,
}

/// Where the engine is, and the way to it once it was found.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) host: String,
    link: Mutex<Option<Link>>,
}

impl Connection {
    pub(crate) fn new(host: &str) -> EngineResult<Self> {
        match host.split_once("://") {
            Some(("unix" | "tcp" | "http", rest)) if !rest.is_empty() => {
                Ok(Self { host: host.to_owned(), link: Mutex::default() })
            }
            Some(_) | None => Err(EngineError::Refused(format!(
                "{host:?} is no address of a Docker Engine; unix://PATH and tcp://HOST:PORT are"
            ))),
        }
    }

    /// One call, within its time.
    pub(crate) async fn call<T, F>(
        &self,
        patience: Patience,
        call: impl FnOnce(Docker) -> F,
    ) -> EngineResult<T>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let link = self.link().await?;
        self.judge(within(patience, call(link.docker)).await)
    }

    /// The items of an answer that comes in parts, within the time for all of it.
    pub(crate) async fn gather<T, S>(
        &self,
        patience: Patience,
        call: impl FnOnce(Docker) -> S,
    ) -> EngineResult<Vec<T>>
    where
        S: Stream<Item = Result<T, Error>>,
    {
        self.call(patience, |docker| call(docker).try_collect()).await
    }

    /// The way to the engine, agreed on anew after it was lost.
    pub(crate) async fn link(&self) -> EngineResult<Link> {
        let known = self.known().clone();
        if let Some(link) = known {
            return Ok(link);
        }
        let link = open(&self.host).await?;
        tracing::info!(host = self.host, api = %link.api, "the Docker Engine answers");
        *self.known() = Some(link.clone());
        Ok(link)
    }

    /// An engine that was lost may come back as another version: forget what was agreed on.
    fn judge<T>(&self, answer: EngineResult<T>) -> EngineResult<T> {
        if matches!(answer, Err(EngineError::Unreachable(_))) {
            *self.known() = None;
        }
        answer
    }

    fn known(&self) -> MutexGuard<'_, Option<Link>> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) async fn within<T>(
    patience: Patience,
    call: impl Future<Output = Result<T, Error>>,
) -> EngineResult<T> {
    let limit = patience.limit();
    match tokio::time::timeout(limit, call).await {
        Ok(answer) => answer.map_err(meaning),
        Err(_) => Err(EngineError::Unreachable(format!("no answer within {limit:?}"))),
    }
}

/// A stream of bytes whose parts each come in time.
pub(crate) fn paced<S>(patience: Patience, parts: S) -> ByteStream
where
    S: Stream<Item = EngineResult<Bytes>> + Send + 'static,
{
    Box::pin(stream::unfold(Box::pin(parts), move |mut parts| async move {
        let limit = patience.limit();
        let part = match tokio::time::timeout(limit, parts.next()).await {
            Ok(part) => part?,
            Err(_) => Err(EngineError::Unreachable(format!("nothing more within {limit:?}"))),
        };
        Some((part, parts))
    }))
}

async fn open(host: &str) -> EngineResult<Link> {
    let docker = dial(host).map_err(meaning)?;
    let version = within(Patience::Probe, docker.version()).await?;
    let newest_there = version.api_version.as_deref().and_then(ApiVersion::parse);
    let oldest_there = version.min_api_version.as_deref().and_then(ApiVersion::parse);
    let api = agree(oldest_there, newest_there)?;
    let docker = docker.with_request_modifier(move |request| dialect::speak(api, request));
    let info = within(Patience::Short, docker.info()).await?;
    let disk_limits = disk_limits(&info, data_root(&info, host));
    let beside = is_beside(&info, host);
    Ok(Link { docker, api, disk_limits, beside })
}

fn dial(host: &str) -> Result<Docker, Error> {
    let version: &ClientVersion = API_DEFAULT_VERSION;
    match host.strip_prefix("unix://") {
        Some(path) => Docker::connect_with_unix(path, LONGEST_SECONDS, version),
        None => Docker::connect_with_http(host, LONGEST_SECONDS, version),
    }
}

/// The newest version that both sides know.
fn agree(oldest: Option<ApiVersion>, newest: Option<ApiVersion>) -> EngineResult<ApiVersion> {
    let newest = newest.ok_or_else(|| {
        EngineError::Unsupported("what answers is no Docker Engine: it has no API version".into())
    })?;
    let api = newest.min(NEWEST);
    if api < OLDEST || oldest.is_some_and(|oldest| oldest > api) {
        return Err(EngineError::Unsupported(format!(
            "the engine's API is {newest}; from {OLDEST} to {NEWEST} are understood"
        )));
    }
    Ok(api)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_that_both_know_is_spoken() {
        let v = |minor| Some(ApiVersion(1, minor));
        assert_eq!(agree(v(12), v(41)), Ok(ApiVersion(1, 41)));
        assert_eq!(agree(v(44), v(60)), Ok(NEWEST));
        assert!(agree(v(12), v(40)).is_err());
        assert!(agree(v(54), v(60)).is_err());
        assert!(agree(None, None).is_err());
    }

    #[tokio::test]
    async fn an_engine_that_is_not_there_is_unreachable_and_not_an_error_of_ours() {
        for host in ["unix:///nowhere/docker.sock", "tcp://127.0.0.1:1"] {
            let connection = Connection::new(host).unwrap();
            let answer =
                connection.call(Patience::Short, |docker| async move { docker.ping().await });
            assert!(matches!(answer.await, Err(EngineError::Unreachable(_))), "{host}");
        }
        assert!(matches!(Connection::new("ssh://x"), Err(EngineError::Refused(_))));
    }

    #[tokio::test(start_paused = true)]
    async fn an_engine_that_says_nothing_is_unreachable_in_time() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("docker.sock");
        let _mute = tokio::net::UnixListener::bind(&socket).unwrap();
        let connection = Connection::new(&format!("unix://{}", socket.display())).unwrap();
        let answer = connection.call(Patience::Short, |docker| async move { docker.ping().await });
        assert!(matches!(answer.await, Err(EngineError::Unreachable(_))));
    }
}
