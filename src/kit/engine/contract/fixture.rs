//! What a case works with.

#![expect(clippy::needless_pass_by_value, reason = "an assertion on a call reads as one")]

use std::fmt::Debug;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use rand::seq::IteratorRandom;

use crate::engine::{
    Attachment, ByteStream, Engine, EngineError, EngineResult, Exec, ExecOutcome, InstanceSpec,
    LABEL_ID, LABEL_KIND, Limits, NetworkSpec, Observed, Pool, Power, image_reference, owns_image,
};
use crate::ids::InstallationId;

/// What something on the way to a state may take.
const DEADLINE: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// An engine to be judged.
pub struct Fixture {
    /// The engine.
    pub engine: Arc<dyn Engine>,
    /// Whose objects the cases make; nobody else's, all of them are removed.
    pub installation: InstallationId,
    /// The same engine, as another installation sees it.
    pub other: Arc<dyn Engine>,
    /// A reference of an image with a shell, which stays up by itself and is not ours.
    pub image: String,
    /// The networks of the cases are in `10.BLOCK.0.0/16`: see [`free_block`].
    pub block: u8,
}

/// A block in which the engine has no network, whoever it belongs to: pools must not overlap. Any
/// of them, because somebody else may be choosing one at the same time.
pub async fn free_block(engine: &dyn Engine) -> EngineResult<Option<u8>> {
    let taken = engine.pools_in_use().await?;
    let is_free = |block: &u8| {
        let within = format!("10.{block}.");
        !taken.iter().any(|cidr| cidr.starts_with(&within))
    };
    Ok((208..=u8::MAX).filter(is_free).choose(&mut rand::rng()))
}

/// Where the engine does not keep the contract.
#[derive(Debug)]
pub struct Flaw(pub String);

impl From<EngineError> for Flaw {
    fn from(error: EngineError) -> Self {
        Self(error.to_string())
    }
}

/// The flaw, unless `holds`.
pub(super) fn must(holds: bool, what: impl Into<String>) -> Result<(), Flaw> {
    if holds { Ok(()) } else { Err(Flaw(what.into())) }
}

/// The flaw, unless both are the same.
pub(super) fn same<T: PartialEq + Debug>(seen: T, wanted: T, what: &str) -> Result<(), Flaw> {
    must(seen == wanted, format!("{what}: {seen:?} and not {wanted:?}"))
}

/// The flaw, unless the engine refused.
pub(super) fn refused<T: Debug>(answer: EngineResult<T>, what: &str) -> Result<(), Flaw> {
    must(matches!(answer, Err(EngineError::Refused(_))), format!("{what}: {answer:?}"))
}

/// The flaw, unless the engine did not find it.
pub(super) fn not_found<T: Debug>(answer: EngineResult<T>, what: &str) -> Result<(), Flaw> {
    must(matches!(answer, Err(EngineError::NotFound(_))), format!("{what}: {answer:?}"))
}

/// The flaw, unless the engine is busy.
pub(super) fn busy<T: Debug>(answer: EngineResult<T>, what: &str) -> Result<(), Flaw> {
    must(matches!(answer, Err(EngineError::Busy(_))), format!("{what}: {answer:?}"))
}

/// A body that comes in one piece.
pub(super) fn body(bytes: impl Into<Bytes>) -> ByteStream {
    Box::pin(stream::iter([Ok(bytes.into())]))
}

impl Fixture {
    /// A name of ours on the engine.
    pub(super) fn name(&self, short: &str) -> String {
        let installation = self.installation.as_str();
        format!("contract-{}-{short}", installation.get(..8).unwrap_or(installation))
    }

    /// A reference of ours.
    pub(super) fn reference(&self, short: &str) -> String {
        image_reference(&self.installation, short)
    }

    /// An instance that stays up.
    pub(super) fn spec(&self, short: &str) -> InstanceSpec {
        InstanceSpec {
            name: self.name(short),
            image: self.image.clone(),
            hostname: short.to_owned(),
            labels: [(LABEL_KIND, "server"), (LABEL_ID, short)]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
            limits: Limits { vcpus: 1, memory_bytes: 64 << 20, disk_bytes: 0 },
            ..InstanceSpec::default()
        }
    }

    /// A command of the shell.
    pub(super) fn shell(script: &str) -> Vec<String> {
        ["/bin/sh", "-c", script].map(str::to_owned).into()
    }

    /// Makes and starts it.
    pub(super) async fn boot(&self, spec: &InstanceSpec) -> EngineResult<()> {
        self.engine.create(spec).await?;
        self.engine.start(&spec.name).await
    }

    /// Makes and starts an instance that stays up; its name.
    pub(super) async fn booted(&self, short: &str) -> EngineResult<String> {
        self.boot(&self.spec(short)).await?;
        Ok(self.name(short))
    }

    /// `10.BLOCK.N.HOST`.
    pub(super) fn address(&self, n: u8, host: u8) -> Ipv4Addr {
        Ipv4Addr::new(10, self.block, n, host)
    }

    /// The network `10.BLOCK.N.0/24`.
    pub(super) fn network(&self, short: &str, n: u8) -> NetworkSpec {
        NetworkSpec {
            name: self.name(short),
            pools: vec![Pool {
                cidr: format!("{}/24", self.address(n, 0)),
                gateway: Some(self.address(n, 1).into()),
            }],
            ..NetworkSpec::default()
        }
    }

    /// An interface on it with the address `10.BLOCK.N.HOST`.
    pub(super) fn on(&self, short: &str, n: u8, host: u8) -> Attachment {
        Attachment {
            network: self.name(short),
            addresses: vec![self.address(n, host).into()],
            mac: format!("fa:16:3e:00:{n:02x}:{host:02x}"),
            up: true,
        }
    }

    pub(super) async fn seen(&self, name: &str) -> Result<Observed, Flaw> {
        let seen = self.engine.inspect(name).await?;
        seen.ok_or_else(|| Flaw(format!("{name} is not there")))
    }

    /// The instance, once it is in this state.
    pub(super) async fn until(&self, name: &str, power: Power) -> Result<Observed, Flaw> {
        let look = async {
            loop {
                let seen = self.seen(name).await?;
                if seen.power == power {
                    return Ok(seen);
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        in_time(&format!("{name} is {power:?}"), look).await
    }

    pub(super) async fn sh(&self, name: &str, script: &str) -> EngineResult<ExecOutcome> {
        let exec = Exec { command: Self::shell(script), ..Exec::default() };
        self.engine.exec(name, &exec).await
    }

    /// What a command of the shell prints.
    pub(super) async fn says(&self, name: &str, script: &str) -> Result<String, Flaw> {
        let output = self.sh(name, script).await?.output;
        Ok(String::from_utf8_lossy(&output).into_owned())
    }

    /// Removes everything that either installation has made.
    pub(super) async fn clear(&self) -> EngineResult<()> {
        for engine in [&self.engine, &self.other] {
            for instance in engine.list().await? {
                engine.remove(&instance.name).await?;
            }
            for network in engine.networks().await? {
                engine.remove_network(&network.name).await?;
            }
            for volume in engine.volumes().await? {
                engine.remove_volume(&volume.name).await?;
            }
        }
        for image in self.engine.images().await? {
            if !owns_image(&self.installation, &image) {
                continue;
            }
            for reference in image.references.iter().chain([&image.id]) {
                self.engine.remove_image(reference).await?;
            }
        }
        Ok(())
    }
}

/// What comes, unless it does not come in time.
pub(super) async fn in_time<T>(
    what: &str,
    coming: impl Future<Output = Result<T, Flaw>>,
) -> Result<T, Flaw> {
    match tokio::time::timeout(DEADLINE, coming).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Flaw(format!("not within {DEADLINE:?}: {what}"))),
    }
}
