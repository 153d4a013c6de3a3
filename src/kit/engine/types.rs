//! Our nouns, not Docker's: what the services say to an engine and hear from it.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::Stream;
use serde::{Deserialize, Serialize};

use super::{ContainerSpec, EngineResult, Port};
use crate::clock::Time;
use crate::ids::InstallationId;

/// A stream of bytes that may fail on the way.
pub type ByteStream = Pin<Box<dyn Stream<Item = EngineResult<Bytes>> + Send>>;
/// The stream of what an engine says happened.
pub type EventStream = Pin<Box<dyn Stream<Item = EngineResult<EngineEvent>> + Send>>;
/// Labels on an engine object.
pub type Labels = BTreeMap<String, String>;

/// Label: the installation that made the object. Nothing without ours is ever touched.
pub const LABEL_INSTALLATION: &str = "novadock.installation";
/// Label: `server`, `network`, `volume`, `snapshot`, ….
pub const LABEL_KIND: &str = "novadock.kind";
/// Label: the OpenStack id.
pub const LABEL_ID: &str = "novadock.id";
/// Label: the project that owns it.
pub const LABEL_PROJECT: &str = "novadock.project";

/// Label: the installation that made the image. It is not [`LABEL_INSTALLATION`], because a
/// container inherits the labels of its image: one that the engine's owner runs from a snapshot
/// of ours must not look like an instance of ours.
pub const LABEL_IMAGE: &str = "novadock.image";

/// The labels of an image that we make: the caller's, and [`LABEL_IMAGE`].
pub fn image_labels(installation: &InstallationId, labels: &Labels) -> Labels {
    let mut all = labels.clone();
    // Empty and not absent: a commit takes over the labels of the instance that are not set.
    all.insert(LABEL_INSTALLATION.to_owned(), String::new());
    all.insert(LABEL_IMAGE.to_owned(), installation.as_str().to_owned());
    all
}

/// Whether the image is ours: made by us, or named by nothing but references of ours.
pub fn owns_image(installation: &InstallationId, image: &EngineImage) -> bool {
    let made = image.labels.get(LABEL_IMAGE).is_some_and(|label| label == installation.as_str());
    let ours = |reference: &String| owns_reference(installation, reference);
    made || (!image.references.is_empty() && image.references.iter().all(ours))
}

/// The reference of an image that we put on an engine. No registry has such names, and no two
/// installations the same: removing one can't harm the engine's owner.
pub fn image_reference(installation: &InstallationId, name: &str) -> String {
    format!("novadock.local/{installation}/{name}:latest")
}

/// Whether [`image_reference`] made it for this installation.
pub fn owns_reference(installation: &InstallationId, reference: &str) -> bool {
    reference
        .strip_prefix("novadock.local/")
        .and_then(|rest| rest.strip_prefix(installation.as_str()))
        .is_some_and(|rest| rest.starts_with('/'))
}

/// Everything needed to make an instance; making it twice gives one instance.
#[derive(Clone, Debug, Default)]
pub struct InstanceSpec {
    /// The name on the engine, `nova-<server uuid>`.
    pub name: String,
    /// The labels, the four above included.
    pub labels: Labels,
    /// The engine's reference or id of the image.
    pub image: String,
    /// The guest's host name.
    pub hostname: String,
    /// Replaces the image's command when set.
    pub command: Option<Vec<String>>,
    /// Environment variables.
    pub environment: BTreeMap<String, String>,
    /// CPU, memory and disk.
    pub limits: Limits,
    /// Network attachments, in the order of the interfaces. Empty: no network at all.
    pub attachments: Vec<Attachment>,
    /// Host directories shown in the guest.
    pub binds: Vec<Bind>,
    /// Nothing passes at its interfaces from a start of it until its filter is set, where the engine
    /// can filter ([`HostInfo::unfiltered`]).
    pub guarded: bool,
    /// Set for a plain container. A machine has a terminal and open input, as if somebody sat at
    /// it, and shows no port of its own at the host.
    pub container: Option<ContainerSpec>,
}

/// What a guest may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Virtual CPUs; 0 means no limit.
    pub vcpus: u32,
    /// Memory, bytes; 0 means no limit. No swap is given beside it.
    pub memory_bytes: u64,
    /// The root file system, bytes; 0 means no limit. Only where
    /// [`HostInfo::disk_limits`] says so.
    pub disk_bytes: u64,
}

/// One interface of a guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The network's name on the engine.
    pub network: String,
    /// The fixed addresses. The first of each family comes with the interface, the others
    /// ([`beyond_first`]) with [`Instances::attach`](super::Instances::attach), until it ends.
    pub addresses: Vec<IpAddr>,
    /// The MAC, `fa:16:3e:xx:xx:xx`.
    pub mac: String,
    /// Whether its cable is in; out, it carries nothing. Out too comes with
    /// [`Instances::attach`](super::Instances::attach), until the guest ends.
    pub up: bool,
}

/// The addresses that are not the first of their family.
pub fn beyond_first(addresses: impl IntoIterator<Item = IpAddr>) -> Vec<IpAddr> {
    let mut families = [false; 2];
    let comes_again = |address: &IpAddr| {
        let [v4, v6] = &mut families;
        std::mem::replace(if address.is_ipv4() { v4 } else { v6 }, true)
    };
    addresses.into_iter().filter(comes_again).collect()
}

/// A host directory shown in the guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bind {
    /// The directory on the host, or the name of a volume.
    pub source: String,
    /// Where the guest sees it.
    pub target: String,
    /// The guest may not write.
    pub read_only: bool,
}

/// A file (or directory, when `content` is `None`) put into a guest.
#[derive(Clone, Debug)]
pub struct GuestFile {
    /// Absolute path in the guest; missing parents are made.
    pub path: String,
    /// The bytes; `None` makes a directory.
    pub content: Option<Bytes>,
    /// Permission bits.
    pub mode: u32,
    /// Owner.
    pub uid: u64,
    /// Group.
    pub gid: u64,
}

/// What the engine says an instance is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// Made, never started.
    Created,
    /// Running.
    Running,
    /// Frozen.
    Paused,
    /// Ended or stopped.
    Stopped,
    /// The engine gave it up.
    Dead,
}

/// An instance as seen now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// The name on the engine.
    pub name: String,
    /// The engine's own id.
    pub engine_id: String,
    /// Its labels.
    pub labels: Labels,
    /// What it is doing.
    pub power: Power,
    /// The exit code of the last run, when it ended.
    pub exit_code: Option<i64>,
    /// Whether the last run was ended for using too much memory.
    pub out_of_memory: bool,
    /// When it was last started.
    pub started_at: Option<Time>,
    /// When it last ended.
    pub finished_at: Option<Time>,
    /// The engine's id of its image.
    pub image_id: String,
    /// The process id of the guest's first process on the host, when running.
    pub pid: Option<i64>,
    /// Its limits; that of the disk is 0 where the engine can't hold it.
    pub limits: Limits,
    /// Its interfaces.
    pub attachments: Vec<Attachment>,
}

/// An image of the engine; may be kept in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineImage {
    /// The engine's id, `sha256:…`.
    pub id: String,
    /// References that name it, `repository:tag`; dangling images have none.
    pub references: Vec<String>,
    /// Size on the engine, bytes.
    pub size_bytes: u64,
    /// When it was made.
    pub created_at: Time,
    /// `amd64`, `arm64`, …; empty when the engine does not say.
    pub architecture: String,
    /// The command of the image, entry point first.
    pub command: Vec<String>,
    /// The user that the command runs as; empty is root.
    pub user: String,
    /// The ports that it means to serve, in order.
    #[serde(default)]
    pub exposed: Vec<Port>,
    /// Its labels.
    pub labels: Labels,
}

/// A network to be made; making it twice gives one network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkSpec {
    /// The name on the engine.
    pub name: String,
    /// The labels.
    pub labels: Labels,
    /// Address pools, at most one per family.
    pub pools: Vec<Pool>,
    /// No way out of the host.
    pub internal: bool,
    /// 0 leaves it to the engine.
    pub mtu: u32,
}

/// One address pool of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// `10.0.0.0/24`.
    pub cidr: String,
    /// The gateway; `None` lets the engine take one.
    pub gateway: Option<IpAddr>,
}

/// A network of the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineNetwork {
    /// The name on the engine.
    pub name: String,
    /// The engine's id.
    pub engine_id: String,
    /// Its labels.
    pub labels: Labels,
    /// Its pools.
    pub pools: Vec<Pool>,
    /// The MTU it was made with; 0 where that was left to the engine.
    pub mtu: u32,
    /// Names of the instances on it, where they were looked for.
    pub instances: Vec<String>,
}

/// A volume of the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineVolume {
    /// The name on the engine.
    pub name: String,
    /// Its labels.
    pub labels: Labels,
    /// Where the host sees its content, if it does.
    pub mountpoint: Option<String>,
}

/// A command to run in a running guest.
#[derive(Clone, Debug, Default)]
pub struct Exec {
    /// Program and arguments.
    pub command: Vec<String>,
    /// Environment variables.
    pub environment: BTreeMap<String, String>,
    /// The user; empty is the image's.
    pub user: String,
    /// What the command reads.
    pub stdin: Option<Bytes>,
}

/// How a command in a guest ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecOutcome {
    /// Exit code.
    pub exit_code: i64,
    /// Standard output and error, in the order they came; at most 1 MiB.
    pub output: Bytes,
}

/// What a guest uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// CPU time, nanoseconds.
    pub cpu_ns: u64,
    /// Memory in use, bytes.
    pub memory_bytes: u64,
    /// Memory limit, bytes.
    pub memory_limit_bytes: u64,
    /// CPU time on each CPU of the machine, nanoseconds; empty where the engine does not say.
    pub per_cpu_ns: Vec<u64>,
    /// What its interfaces have carried, by their names in the guest.
    pub interfaces: BTreeMap<String, InterfaceUsage>,
    /// Bytes read from disks.
    pub read_bytes: u64,
    /// Bytes written to disks.
    pub written_bytes: u64,
    /// Reads from disks.
    pub reads: u64,
    /// Writes to disks.
    pub writes: u64,
    /// Processes.
    pub processes: u64,
}

/// What an interface has carried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InterfaceUsage {
    /// To the guest.
    pub received: Carried,
    /// From the guest.
    pub sent: Carried,
}

/// Traffic in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Bytes.
    pub bytes: u64,
    /// Packets.
    pub packets: u64,
    /// Packets that were broken.
    pub errors: u64,
    /// Packets for which there was no room.
    pub dropped: u64,
}

/// The machine below.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "abilities, each by itself")]
pub struct HostInfo {
    /// Host name.
    pub name: String,
    /// CPUs.
    pub cpus: u32,
    /// Memory, bytes.
    pub memory_bytes: u64,
    /// Size of the file system below the engine's data, bytes; 0 when unknown.
    pub disk_bytes: u64,
    /// Free part of it, bytes.
    pub disk_free_bytes: u64,
    /// `x86_64`, `aarch64`.
    pub architecture: String,
    /// The engine's version, `20.10.24`.
    pub version: String,
    /// Its API version in use, `1.41`.
    pub api_version: String,
    /// The storage driver, `overlay2`.
    pub storage_driver: String,
    /// Whether the storage driver can hold a size limit per guest.
    pub disk_limits: bool,
    /// Whether memory and CPU limits hold here.
    pub resource_limits: bool,
    /// Whether every interface gets the MAC asked for, and not only the first. Where not, ports
    /// get those of their interfaces.
    pub every_mac: bool,
    /// Why guests cannot be filtered here ([`super::Instances::set_filter`]); `None` where they can.
    pub unfiltered: Option<String>,
    /// Whether a guest that is made reads its own CPUs, memory and uptime in `/proc`, not the host's.
    pub own_proc: bool,
    /// The kind of engine, `docker` or `sim`.
    pub kind: &'static str,
}

/// A hint: look at this object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineEvent {
    /// Something happened to the instance of this name.
    Instance(String),
    /// Something happened to an image.
    Image(String),
    /// Something happened to the network of this name.
    Network(String),
    /// Something happened to the volume of this name.
    Volume(String),
    /// Events may have been missed: look at everything.
    Gap,
}

impl EngineEvent {
    /// The name of the instance that something happened to.
    pub fn instance(&self) -> Option<&str> {
        match self {
            Self::Instance(name) => Some(name),
            Self::Image(_) | Self::Network(_) | Self::Volume(_) | Self::Gap => None,
        }
    }
}
