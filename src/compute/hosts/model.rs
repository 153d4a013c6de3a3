//! A host and its services as they are kept.

use kit::clock::Time;
use kit::engine::HostInfo;
use kit::ids::{ComputeServiceId, HostId, ServerId};
use kit::text_enum;

use crate::servers::store::HostUsage;

/// The zone of everything that carries no servers (Nova: `internal_service_availability_zone`).
pub(crate) const INTERNAL_ZONE: &str = "internal";

text_enum! {
    /// The processes that Nova's operators know. All of them are this one program.
    pub enum Binary {
        /// Picks hosts.
        Scheduler = "nova-scheduler",
        /// Runs workflows.
        Conductor = "nova-conductor",
        /// Speaks with the engine.
        Compute = "nova-compute",
    }
}

/// A machine.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    /// The integer that old versions of the API show as `id`.
    pub(crate) row: i64,
    pub(crate) id: HostId,
    pub(crate) name: String,
    /// The kind of engine.
    pub(crate) engine: String,
    pub(crate) engine_version: String,
    pub(crate) architecture: String,
    pub(crate) vcpus: i64,
    pub(crate) ram_mb: i64,
    pub(crate) disk_gb: i64,
    pub(crate) disk_free_gb: i64,
    /// Whether the engine holds servers to the size of their disk.
    pub(crate) disk_limits: bool,
}

/// A process.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    /// The integer that old versions of the API show as `id`.
    pub(crate) row: i64,
    pub(crate) id: ComputeServiceId,
    pub(crate) host: String,
    pub(crate) binary: Binary,
    /// Whether the last look at it succeeded.
    pub(crate) answers: bool,
    /// When a look last succeeded.
    pub(crate) seen_at: Time,
    pub(crate) disabled: bool,
    pub(crate) disabled_reason: Option<String>,
    pub(crate) forced_down: bool,
    /// The availability zone that an aggregate puts its host in.
    pub(crate) aggregate_zone: Option<String>,
}

impl Service {
    /// Whether it works, as far as anybody knows.
    pub(crate) fn is_up(&self) -> bool {
        self.answers && !self.forced_down
    }

    /// The availability zone it is in; `default` is the zone of hosts that no aggregate puts
    /// elsewhere.
    pub(crate) fn zone<'a>(&'a self, default: &'a str) -> &'a str {
        match self.binary {
            Binary::Compute => self.aggregate_zone.as_deref().unwrap_or(default),
            Binary::Scheduler | Binary::Conductor => INTERNAL_ZONE,
        }
    }
}

/// A hypervisor as the API shows it: the machine, its process and what is used.
#[derive(Clone, Debug)]
pub(crate) struct Hypervisor {
    pub(crate) host: Host,
    pub(crate) service: Service,
    pub(crate) usage: HostUsage,
}

/// A server of a host, as hypervisors list it.
#[derive(Clone, Debug)]
pub(crate) struct Guest {
    pub(crate) id: ServerId,
    /// Its place in the order of creation.
    pub(crate) number: i64,
}

impl Host {
    /// A machine that is seen for the first time.
    pub(crate) fn new(info: &HostInfo) -> Self {
        let whole = |bytes: u64, unit: u32| i64::try_from(bytes >> unit).unwrap_or(i64::MAX);
        Self {
            row: 0,
            id: HostId::random(),
            name: info.name.clone(),
            engine: info.kind.to_owned(),
            engine_version: info.version.clone(),
            architecture: info.architecture.clone(),
            vcpus: i64::from(info.cpus),
            ram_mb: whole(info.memory_bytes, 20),
            disk_gb: whole(info.disk_bytes, 30),
            disk_free_gb: whole(info.disk_free_bytes, 30),
            disk_limits: info.disk_limits,
        }
    }
}
