//! The simulated engine: a whole container engine in memory, for tests, for demonstrations
//! without Docker (`novadock serve --engine sim`) and for measuring everything but Docker.
//!
//! # Manual
//!
//! It passes the same [`contract`](super::contract) as the Docker backend. What it does as Docker
//! does: names are taken once; images are found by id or reference and stay while an instance
//! uses them; `docker save` archives are read and written for real; address pools that overlap
//! are refused, so is the start of a guest whose fixed address a running one has; a frozen guest
//! is thawed, not started; nothing of another installation is touched; events are told, the last
//! 256 also to those who ask from a time in the past.
//!
//! What a guest does: it prints a few lines at each start, its command among them, and runs until
//! it is stopped. A command that ends in `exit N` ends at once with that code. Nothing is
//! executed: [`exec`](super::Instances::exec) answers 0 and no output unless
//! [`SimEngine::answer_exec`] says otherwise. Files are those put in and those of the image.
//! A [terminal](super::Instances::open_terminal) shows what is typed. Usage follows from the flavor and the time that passed.
//!
//! ```
//! # use kit::engine::{InstanceSpec, Instances, Power, sim::SimEngine};
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let engine = SimEngine::with_images("one".into(), &["novadock/tiny:latest"]);
//! let spec = InstanceSpec {
//!     name: "nova-1".into(),
//!     image: "novadock/tiny".into(),
//!     ..InstanceSpec::default()
//! };
//! engine.create(&spec).await?;
//! engine.start("nova-1").await?;
//! assert_eq!(engine.power("nova-1"), Some(Power::Running));
//! engine.guest_exits("nova-1", 3);
//! assert_eq!(engine.power("nova-1"), Some(Power::Stopped));
//! # Ok::<(), kit::engine::EngineError>(()) }).unwrap();
//! ```
//!
//! A clone is the same engine: give it to the next "process" after a power cut.
//! [`SimEngine::as_installation`] is the same engine as somebody else sees it.
//!
//! Things go wrong by order: [`SimEngine::faults`] fails the n-th call of a name, does the work
//! but loses the answer, or hangs; [`SimEngine::set_unreachable`] switches the engine off;
//! [`SimEngine::timing`] makes it slow. Time is the clock given to [`SimEngine::with_clock`].
//!
//! It keeps 100,000 instances: no call but `list` and [`SimEngine::snapshot`] looks at all.

mod archive;
mod calls;
mod faults;
mod guest;
mod nets;
mod news;
mod shelf;
mod terminal;
#[cfg(test)]
mod tests;
mod timing;
mod world;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
pub use faults::{Fault, Faults, When};
pub use timing::Timing;

use self::archive::{Image, RunConfig};
use self::world::World;
use super::filter::Packet;
use super::{
    EngineError, EngineImage, EngineNetwork, EngineResult, EngineVolume, Exec, ExecOutcome,
    HostInfo, Observed, Power, Routing,
};
use crate::clock::{Clock, Time};
use crate::ids::InstallationId;

type ExecAnswer = Arc<dyn Fn(&str, &Exec) -> ExecOutcome + Send + Sync>;

/// The simulated engine, as one installation sees it. A clone is the same engine.
#[derive(Clone)]
pub struct SimEngine {
    installation: InstallationId,
    shared: Arc<Shared>,
}

struct Shared {
    world: Mutex<World>,
    faults: Faults,
    timing: Timing,
    exec_answer: Mutex<Option<ExecAnswer>>,
}

/// Everything there is, whoever it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Instances by name.
    pub instances: BTreeMap<String, Observed>,
    /// Images.
    pub images: Vec<EngineImage>,
    /// Networks.
    pub networks: Vec<EngineNetwork>,
    /// Volumes.
    pub volumes: Vec<EngineVolume>,
}

/// How many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Instances, running or not.
    pub instances: usize,
    /// Images.
    pub images: usize,
    /// Networks.
    pub networks: usize,
    /// Volumes.
    pub volumes: usize,
}

impl std::fmt::Debug for SimEngine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimEngine").field("counts", &self.counts()).finish_non_exhaustive()
    }
}

/// Making one.
impl SimEngine {
    /// An empty engine.
    pub fn new(installation: InstallationId) -> Self {
        Self::with_clock(installation, Clock::system())
    }

    /// An empty engine that lives by this clock.
    pub fn with_clock(installation: InstallationId, clock: Clock) -> Self {
        let shared = Shared {
            world: Mutex::new(World::new(clock)),
            faults: Faults::default(),
            timing: Timing::default(),
            exec_answer: Mutex::default(),
        };
        Self { installation, shared: Arc::new(shared) }
    }

    /// An engine that has these images; they belong to its owner, not to us.
    pub fn with_images(installation: InstallationId, references: &[&str]) -> Self {
        let engine = Self::new(installation);
        for reference in references {
            engine.add_image(reference);
        }
        engine
    }

    /// The same engine, used by another installation.
    #[must_use]
    pub fn as_installation(&self, installation: InstallationId) -> Self {
        Self { installation, shared: Arc::clone(&self.shared) }
    }
}

/// Making things go wrong, and slowly.
impl SimEngine {
    /// The faults ordered, and the counts of calls.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// From now on later interfaces get MACs of its own making, as from Docker before API 1.44.
    pub fn choose_later_macs(&self) {
        self.world().every_mac = false;
    }

    /// How long calls take.
    pub fn timing(&self) -> &Timing {
        &self.shared.timing
    }

    /// Switches the engine off (streams of events end, no call is answered) or on again.
    /// Guests go on meanwhile.
    pub fn set_unreachable(&self, unreachable: bool) {
        self.shared.faults.set_unreachable(unreachable);
        if unreachable {
            self.world().news.hang_up();
        }
    }
}

/// What happens on an engine without anybody calling it.
impl SimEngine {
    /// The guest ends by itself; nothing happens if it does not run.
    pub fn guest_exits(&self, name: &str, exit_code: i64) {
        self.world().end(name, |guest, at| guest.end(at, exit_code)).ok();
    }

    /// The guest is ended by the kernel for using too much memory.
    pub fn guest_runs_out_of_memory(&self, name: &str) {
        self.world().end(name, guest::Guest::end_out_of_memory).ok();
    }

    /// The guest prints something.
    pub fn write_console(&self, name: &str, text: &str) {
        if let Ok(guest) = world::known(&mut self.world().guests, name) {
            guest.write_console(text.as_bytes());
        }
    }

    /// Somebody removes an instance, a network, a volume and an image of this name.
    pub fn remove_behind_back(&self, name: &str) {
        let mut world = self.world();
        world.remove(name);
        world.nets.remove_behind_back(name);
        world.volumes.remove(name);
        if world.shelf.remove_behind_back(name) {
            world.tell_image(name);
        }
    }

    /// The engine's owner adds an image.
    pub fn add_image(&self, reference: &str) {
        let mut world = self.world();
        let image = image_of(reference, world.clock.now());
        world.shelf.insert_as(image, reference).ok();
        world.tell_image(reference);
    }

    /// A registry has this image from now on; `pull_image` finds no other.
    pub fn add_to_registry(&self, reference: &str) {
        let mut world = self.world();
        let image = image_of(reference, world.clock.now());
        world.registry.insert(reference.to_owned(), image);
    }

    /// Who answers `exec` from now on. The answer is given outside of all locks.
    pub fn answer_exec<F>(&self, answer: F)
    where
        F: Fn(&str, &Exec) -> ExecOutcome + Send + Sync + 'static,
    {
        *self.exec_answer() = Some(Arc::new(answer));
    }
}

/// What a test looks at.
impl SimEngine {
    /// What the instance is doing; `None` when it is not there.
    pub fn power(&self, name: &str) -> Option<Power> {
        self.world().guests.get(name).map(|guest| guest.observed().power)
    }

    /// Whether the one instance may begin to speak to the other, and so an answer comes back.
    pub fn reaches(&self, from: &str, to: &str) -> bool {
        let world = self.world();
        let routing = world.routing.get(&self.installation).cloned().unwrap_or_default();
        let on = |name: &str| -> Vec<String> {
            let guest = world.guests.get(name);
            let attachments = guest.map(|guest| guest.observed().attachments).unwrap_or_default();
            attachments.into_iter().map(|one| one.network).collect()
        };
        let there = on(to);
        on(from).iter().any(|from| there.iter().any(|to| routing.carries(from, to)))
    }

    /// What the instance's interface has beyond the first address of each family.
    pub fn more_addresses(&self, name: &str, network: &str) -> Vec<IpAddr> {
        let world = self.world();
        let guest = world.guests.get(name);
        guest.and_then(|guest| guest.more_addresses.get(network)).cloned().unwrap_or_default()
    }

    /// Whether the cable of the instance's interface is out.
    pub fn is_unplugged(&self, name: &str, network: &str) -> bool {
        let world = self.world();
        world.guests.get(name).is_some_and(|guest| guest.unplugged.contains(network))
    }

    /// What the installation wishes of its networks.
    pub fn routing(&self) -> Routing {
        self.world().routing.get(&self.installation).cloned().unwrap_or_default()
    }

    /// Whether a packet passes at the instance's interfaces now.
    pub fn admits(&self, name: &str, packet: &Packet) -> bool {
        self.world().guests.get(name).is_some_and(|guest| guest.admits(packet))
    }

    /// The ports of the host that lead to the instance.
    pub fn host_ports(&self, name: &str) -> Vec<u16> {
        let world = self.world();
        let guest = world.guests.get(name);
        guest.map(|guest| guest.host_ports().map(|(_, port)| port).collect()).unwrap_or_default()
    }

    /// What was last executed in the instance, oldest first; at most 64.
    pub fn execs(&self, name: &str) -> Vec<Exec> {
        let world = self.world();
        world.guests.get(name).map(|guest| guest.execs().cloned().collect()).unwrap_or_default()
    }

    /// How many objects there are.
    pub fn counts(&self) -> Counts {
        let world = self.world();
        Counts {
            instances: world.guests.len(),
            images: world.shelf.len(),
            networks: world.nets.len(),
            volumes: world.volumes.len(),
        }
    }

    /// Everything there is.
    pub fn snapshot(&self) -> Snapshot {
        let world = self.world();
        let instances = world.guests.iter();
        Snapshot {
            instances: instances.map(|(name, guest)| (name.clone(), guest.observed())).collect(),
            images: world.shelf.images(),
            networks: world.nets.views().collect(),
            volumes: world.volumes.values().cloned().collect(),
        }
    }
}

impl SimEngine {
    /// One call: counted, failed or delayed as ordered, else done on the world in one go.
    async fn call<T>(
        &self,
        call: &'static str,
        act: impl FnOnce(&mut World) -> EngineResult<T> + Send,
    ) -> EngineResult<T> {
        let lost = self.shared.faults.before(call).await?;
        self.shared.timing.pass(call).await;
        let answer = act(&mut self.world());
        match lost {
            Some(error) => Err(error),
            None => answer,
        }
    }

    async fn run(&self, call: &'static str, name: &str, exec: &Exec) -> EngineResult<ExecOutcome> {
        self.call(call, |world| {
            let guest = world::known(&mut world.guests, name)?;
            guest.must_run()?;
            guest.note_exec(exec.clone());
            Ok(())
        })
        .await?;
        let answer = self.exec_answer().clone();
        Ok(answer.map_or_else(
            || ExecOutcome { exit_code: 0, output: Bytes::new() },
            |answer| answer(name, exec),
        ))
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn exec_answer(&self) -> MutexGuard<'_, Option<ExecAnswer>> {
        self.shared.exec_answer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn host_info(world: &World) -> HostInfo {
    HostInfo {
        name: "sim".into(),
        cpus: 64,
        memory_bytes: 256 << 30,
        disk_bytes: 4 << 40,
        disk_free_bytes: 3 << 40,
        architecture: "x86_64".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        api_version: "1.41".into(),
        storage_driver: "sim".into(),
        disk_limits: true,
        resource_limits: true,
        every_mac: world.every_mac,
        unfiltered: None,
        own_proc: true,
        kind: "sim",
    }
}

/// An image with a shell as its command and nothing in it but its name.
fn image_of(reference: &str, at: Time) -> Image {
    let run = RunConfig { cmd: Some(vec!["/bin/sh".into()]), ..RunConfig::default() };
    let file = |path: &str, text: &str, mode| super::GuestFile {
        path: path.to_owned(),
        content: Some(Bytes::from(text.to_owned())),
        mode,
        uid: 0,
        gid: 0,
    };
    let files = [
        file("/etc/image", reference, 0o644),
        file("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n", 0o644),
        file("/etc/shadow", "root:*:19000:0:99999:7:::\n", 0o600),
    ];
    let layer = super::files::pack(&files, at).unwrap_or_default();
    Image::new(run, vec![layer], at)
}

fn no_such(kind: &str, name: &str) -> EngineError {
    EngineError::NotFound(format!("no such {kind}: {name}"))
}
