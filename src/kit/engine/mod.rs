//! What a container engine must do for the house; backends are `sim/` and `src/engine_docker`.
//!
//! **Invariant (idempotence):** every object is named by us. `create` and `ensure` on something
//! that is already there is success, `remove` of something that is gone is success, `start` of a
//! running instance is success. A step may run again after a crash and must find nothing to do.
//!
//! **Invariant (ownership):** `list` returns only objects that carry the installation's label,
//! and `remove` touches nothing else. Images are the exception: those of the engine's owner are
//! listed, and never removed ([`owns_image`]).

mod container;
pub mod contract;
mod error;
pub mod files;
pub mod filter;
mod routing;
pub mod sim;
mod terminal;
mod types;

use std::time::Duration;

use async_trait::async_trait;
pub use container::*;
pub use error::EngineError;
use filter::Filter;
pub use routing::{Forward, PortRange, Route, Routing};
pub use terminal::{Size, Terminal, TerminalControl};
pub use types::*;

use crate::clock::Time;

/// What every engine call returns.
pub type EngineResult<T> = Result<T, EngineError>;

/// Everything an engine does.
pub trait Engine: Instances + Images + Networks + Volumes + Host + Send + Sync {}
impl<T: Instances + Images + Networks + Volumes + Host + Send + Sync> Engine for T {}

/// Guests.
#[async_trait]
pub trait Instances {
    /// Makes the instance, without starting it; the engine's id of it. An instance of the same name
    /// is kept as it is.
    async fn create(&self, spec: &InstanceSpec) -> EngineResult<String>;
    /// The instance as it is now; `None` when it is gone.
    async fn inspect(&self, name: &str) -> EngineResult<Option<Observed>>;
    /// Every instance of this installation.
    async fn list(&self) -> EngineResult<Vec<Observed>>;
    /// Starts it; running already is success. Its interfaces are numbered in the order in which
    /// it was made with them, then those attached since; the first is its way out. A start that
    /// is cut off may leave some out: who starts an instance then asks for each with
    /// [`Instances::attach`].
    async fn start(&self, name: &str) -> EngineResult<()>;
    /// Asks it to end, after `grace_seconds` ends it; stopped already is success.
    async fn stop(&self, name: &str, grace_seconds: u32) -> EngineResult<()>;
    /// Freezes it; frozen already is success.
    async fn pause(&self, name: &str) -> EngineResult<()>;
    /// Thaws it; running already is success.
    async fn unpause(&self, name: &str) -> EngineResult<()>;
    /// Ends and removes it with its anonymous volumes; gone already is success.
    async fn remove(&self, name: &str) -> EngineResult<()>;
    /// The last `tail` lines of its console, all of it when `None`; at most 4 MiB from the end.
    async fn console(&self, name: &str, tail: Option<u32>) -> EngineResult<Vec<u8>>;
    /// The first line of its console, once there is one; `None` when it has ended, or the time is
    /// over, without one.
    async fn first_line(&self, name: &str, patience: Duration) -> EngineResult<Option<String>>;
    /// Changes the limits of a running or stopped instance; one that is 0 stays as it was, and so
    /// does that of the disk.
    async fn set_limits(&self, name: &str, limits: &Limits) -> EngineResult<()>;
    /// Puts files into it, running or not.
    async fn put_files(&self, name: &str, files: &[GuestFile]) -> EngineResult<()>;
    /// Reads one file of at most `limit_bytes`, a larger one is refused; `None` when there is no
    /// such file.
    async fn read_file(
        &self,
        name: &str,
        path: &str,
        limit_bytes: u64,
    ) -> EngineResult<Option<GuestFile>>;
    /// Runs a command in a running guest and waits for its end.
    async fn exec(&self, name: &str, exec: &Exec) -> EngineResult<ExecOutcome>;
    /// Starts a command in a running guest and does not wait.
    async fn exec_detached(&self, name: &str, exec: &Exec) -> EngineResult<()>;
    /// Opens a terminal in a running guest, with the login shell of its user; see [`Terminal`].
    async fn open_terminal(&self, name: &str, size: Size) -> EngineResult<Terminal>;
    /// Makes an image of its file system under `reference`; the same reference is replaced.
    /// `pause` freezes the guest while it is read.
    async fn commit(
        &self,
        name: &str,
        reference: &str,
        labels: &Labels,
        pause: bool,
    ) -> EngineResult<EngineImage>;
    /// Adds an interface. One that is there gets the addresses that are not the first of their
    /// family, and loses those that are not named; of an instance at rest it is all the same.
    /// [`EngineError::Unsupported`] where the engine has no more than one per family.
    async fn attach(&self, name: &str, attachment: &Attachment) -> EngineResult<()>;
    /// Takes an interface away; gone already is success.
    async fn detach(&self, name: &str, network: &str) -> EngineResult<()>;
    /// What may pass at its interfaces from now on, in place of what was set before, all at once. An
    /// instance that does not run, or is gone, has no filter: success; whoever starts it sets it
    /// again. [`EngineError::Unsupported`] where the engine cannot filter ([`HostInfo::unfiltered`]).
    async fn set_filter(&self, name: &str, filter: &Filter) -> EngineResult<()>;
    /// What it uses now; zero when it does not run. [`EngineError::Unsupported`] where the engine
    /// has no figures.
    async fn usage(&self, name: &str) -> EngineResult<Usage>;
    /// Its processes: a row of titles, then a row per process.
    async fn processes(&self, name: &str) -> EngineResult<Vec<Vec<String>>>;
}

/// Images.
#[async_trait]
pub trait Images {
    /// Every image of the engine, ours or not.
    async fn images(&self) -> EngineResult<Vec<EngineImage>>;
    /// One image by id or reference; `None` when it is not there.
    async fn image(&self, reference: &str) -> EngineResult<Option<EngineImage>>;
    /// Loads a `docker save` archive; the images found in it. The references that the archive
    /// gives them are not taken over, they could be names that the engine's owner uses: find the
    /// images by their ids and tag them.
    async fn load_image(&self, archive: ByteStream) -> EngineResult<Vec<EngineImage>>;
    /// Makes an image of a root-file-system tar under `reference`, with `command` as its command.
    async fn import_image(
        &self,
        root: ByteStream,
        reference: &str,
        command: &[String],
    ) -> EngineResult<EngineImage>;
    /// The image as a `docker save` archive.
    async fn export_image(&self, reference: &str) -> EngineResult<ByteStream>;
    /// Fetches an image from its registry.
    async fn pull_image(&self, reference: &str) -> EngineResult<EngineImage>;
    /// Gives an image another reference.
    async fn tag_image(&self, id: &str, reference: &str) -> EngineResult<()>;
    /// Takes a reference of ours away, and the image with its last one; gone is success. What is
    /// ours: images with [`LABEL_IMAGE`], references made by [`image_reference`]; any other is
    /// [`EngineError::Refused`]. The last reference of an image in use is [`EngineError::Busy`].
    async fn remove_image(&self, reference: &str) -> EngineResult<()>;
}

/// Networks.
#[async_trait]
pub trait Networks {
    /// Makes the network; one of the same name is kept as it is. Its instances are not looked for.
    async fn ensure_network(&self, spec: &NetworkSpec) -> EngineResult<EngineNetwork>;
    /// The network; `None` when it is not there. Its instances are not looked for.
    async fn network(&self, name: &str) -> EngineResult<Option<EngineNetwork>>;
    /// Every network of this installation, with its instances.
    async fn networks(&self) -> EngineResult<Vec<EngineNetwork>>;
    /// Every address pool that a new network may not overlap, whoever made it (`10.0.0.0/24`).
    async fn pools_in_use(&self) -> EngineResult<Vec<String>>;
    /// Removes it; gone is success, instances on it are [`EngineError::Busy`].
    async fn remove_network(&self, name: &str) -> EngineResult<()>;
    /// Makes this the routing of the installation, whatever it was; networks that are not there
    /// are passed over. [`EngineError::Unsupported`] where the engine can't.
    async fn apply_routing(&self, routing: &Routing) -> EngineResult<()>;
}

/// Volumes.
#[async_trait]
pub trait Volumes {
    /// Makes the volume; one of the same name is kept.
    async fn ensure_volume(&self, name: &str, labels: &Labels) -> EngineResult<EngineVolume>;
    /// Makes the file system of an instance that does not run a volume of this name, for another
    /// instance to mount and write ([`Bind::source`]): no copy, the instance's own. There already is
    /// success. The volume must be out of use before the instance starts again.
    /// [`EngineError::Unsupported`] where the engine cannot.
    async fn lend_root(
        &self,
        instance: &str,
        volume: &str,
        labels: &Labels,
    ) -> EngineResult<EngineVolume>;
    /// Every volume of this installation.
    async fn volumes(&self) -> EngineResult<Vec<EngineVolume>>;
    /// Removes it; gone is success.
    async fn remove_volume(&self, name: &str) -> EngineResult<()>;
}

/// The machine and the engine itself.
#[async_trait]
pub trait Host {
    /// Whether the engine answers.
    async fn ping(&self) -> EngineResult<()>;
    /// The machine.
    async fn info(&self) -> EngineResult<HostInfo>;
    /// What happens from now on (from `since`, if given). The stream ends when the engine does;
    /// whoever reads it opens it again and treats the pause as a [`EngineEvent::Gap`].
    async fn events(&self, since: Option<Time>) -> EngineResult<EventStream>;
}
