//! One simulated instance: its state, its console, its files.
//!
//! ```text
//!            start            pause
//!  created ────────► running ◄──────► paused
//!                    ▲     │  unpause
//!              start │     │ stop, the guest ends
//!                    stopped
//! ```

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;

use super::archive::{Image, RunConfig};
use super::terminal::Shell;
use crate::clock::Time;
use crate::engine::filter::{Filter, Packet};
use crate::engine::{
    Attachment, Carried, EngineError, EngineResult, Exec, GuestFile, InstanceSpec, InterfaceUsage,
    Limits, Observed, Power, Protocol, Usage, files,
};

/// What Docker calls a container that was ended by SIGKILL; init programs ignore SIGTERM.
const KILLED: i64 = 137;
const CONSOLE_LIMIT: usize = 4 << 20;
const EXECS_KEPT: usize = 64;

#[derive(Debug)]
pub(super) struct Guest {
    pub(super) spec: InstanceSpec,
    pub(super) image: Arc<Image>,
    pub(super) attachments: Vec<Attachment>,
    /// By network: what an interface has beyond the first of each family, until the guest ends.
    pub(super) more_addresses: BTreeMap<String, Vec<IpAddr>>,
    /// The networks whose cables are out, until the guest ends.
    pub(super) unplugged: BTreeSet<String>,
    pub(super) engine_id: String,
    /// The engine's id of the instance whose network it shares: another one of that name is not it.
    pub(super) neighbour: Option<String>,
    power: Power,
    exit_code: Option<i64>,
    out_of_memory: bool,
    started_at: Option<Time>,
    finished_at: Option<Time>,
    pid: Option<i64>,
    console: Vec<u8>,
    files: BTreeMap<String, GuestFile>,
    /// What was set since it was last started.
    filter: Option<Filter>,
    execs: VecDeque<Exec>,
    /// They end with it.
    pub(super) terminals: Vec<Shell>,
}

impl Guest {
    pub(super) fn new(spec: InstanceSpec, image: Arc<Image>, engine_id: String) -> Self {
        Self {
            spec,
            image,
            attachments: Vec::new(),
            more_addresses: BTreeMap::new(),
            unplugged: BTreeSet::new(),
            engine_id,
            neighbour: None,
            power: Power::Created,
            exit_code: None,
            out_of_memory: false,
            started_at: None,
            finished_at: None,
            pid: None,
            console: Vec::new(),
            files: BTreeMap::new(),
            filter: None,
            execs: VecDeque::new(),
            terminals: Vec::new(),
        }
    }

    pub(super) fn observed(&self) -> Observed {
        Observed {
            name: self.spec.name.clone(),
            engine_id: self.engine_id.clone(),
            labels: self.spec.labels.clone(),
            power: self.power,
            exit_code: self.exit_code,
            out_of_memory: self.out_of_memory,
            started_at: self.started_at,
            finished_at: self.finished_at,
            image_id: self.image.id.clone(),
            pid: self.pid,
            limits: self.spec.limits,
            attachments: self.attachments.clone(),
        }
    }

    /// Whether it holds its addresses.
    pub(super) fn is_up(&self) -> bool {
        match self.power {
            Power::Running | Power::Paused => true,
            Power::Created | Power::Stopped | Power::Dead => false,
        }
    }

    pub(super) fn start(&mut self, at: Time, pid: i64) {
        self.power = Power::Running;
        self.started_at = Some(at);
        self.finished_at = None;
        self.exit_code = None;
        self.out_of_memory = false;
        self.pid = Some(pid);
        self.filter = None;
        let command = self.command();
        let boot = format!(
            "[sim] {hostname}: booting {image}\r\n[sim] {vcpus} CPUs, {memory_mb} MiB\r\n\
             [sim] running: {command}\r\n",
            hostname = self.spec.hostname,
            image = self.spec.image,
            vcpus = self.spec.limits.vcpus,
            memory_mb = self.spec.limits.memory_bytes >> 20,
            command = command.join(" "),
        );
        self.write_console(boot.as_bytes());
    }

    /// The exit code that the command ends with at once, if it says so: `… exit 3`.
    pub(super) fn ends_by_itself(&self) -> Option<i64> {
        let command = self.command();
        let (before, code) = command.last()?.rsplit_once("exit ")?;
        let is_word = before.is_empty() || before.ends_with([' ', ';']);
        code.trim().parse().ok().filter(|_| is_word)
    }

    pub(super) fn command(&self) -> Vec<String> {
        let Some(command) = &self.spec.command else { return self.image.command() };
        let entry_point = self.image.config.config.entrypoint.iter().flatten();
        entry_point.chain(command).cloned().collect()
    }

    pub(super) fn stop(&mut self, at: Time) {
        self.end(at, KILLED);
    }

    pub(super) fn end(&mut self, at: Time, exit_code: i64) {
        self.power = Power::Stopped;
        self.terminals.clear();
        self.more_addresses.clear();
        self.unplugged.clear();
        self.finished_at = Some(at);
        self.exit_code = Some(exit_code);
        self.pid = None;
    }

    pub(super) fn end_out_of_memory(&mut self, at: Time) {
        self.end(at, KILLED);
        self.out_of_memory = true;
    }

    pub(super) fn set_limits(&mut self, new: &Limits) {
        let limits = &mut self.spec.limits;
        limits.vcpus = if new.vcpus > 0 { new.vcpus } else { limits.vcpus };
        limits.memory_bytes =
            if new.memory_bytes > 0 { new.memory_bytes } else { limits.memory_bytes };
    }

    pub(super) fn set_filter(&mut self, filter: &Filter) {
        self.filter = Some(filter.clone()).filter(|_| self.is_up());
    }

    /// Whether a packet passes now.
    pub(super) fn admits(&self, packet: &Packet) -> bool {
        let passes = self.filter.as_ref().map(|filter| filter.admits(packet));
        self.is_up() && passes.unwrap_or(!self.spec.guarded)
    }

    /// Whether it was not frozen before.
    pub(super) fn pause(&mut self) -> EngineResult<bool> {
        match self.power {
            Power::Paused => Ok(false),
            Power::Running => {
                self.power = Power::Paused;
                Ok(true)
            }
            Power::Created | Power::Stopped | Power::Dead => Err(self.refuses("it does not run")),
        }
    }

    /// Whether it was frozen before.
    pub(super) fn unpause(&mut self) -> EngineResult<bool> {
        match self.power {
            Power::Running => Ok(false),
            Power::Paused => {
                self.power = Power::Running;
                Ok(true)
            }
            Power::Created | Power::Stopped | Power::Dead => Err(self.refuses("it does not run")),
        }
    }

    /// Whether there is something to start; a frozen guest must be thawed instead.
    pub(super) fn may_start(&self) -> EngineResult<bool> {
        match self.power {
            Power::Running => Ok(false),
            Power::Created | Power::Stopped => Ok(true),
            Power::Paused => Err(self.refuses("it is paused")),
            Power::Dead => Err(self.refuses("it is dead")),
        }
    }

    pub(super) fn must_run(&self) -> EngineResult<()> {
        match self.power {
            Power::Running => Ok(()),
            Power::Paused => Err(self.refuses("it is paused")),
            Power::Created | Power::Stopped | Power::Dead => Err(self.refuses("it does not run")),
        }
    }

    fn refuses(&self, why: &str) -> EngineError {
        EngineError::Refused(format!("{}: {why}", self.spec.name))
    }

    pub(super) fn write_console(&mut self, text: &[u8]) {
        self.console.extend_from_slice(text);
        let excess = self.console.len().saturating_sub(CONSOLE_LIMIT);
        self.console.drain(..excess);
    }

    pub(super) fn console(&self, tail: Option<u32>) -> Vec<u8> {
        let Some(tail) = tail else { return self.console.clone() };
        let lines: Vec<_> = self.console.split_inclusive(|byte| *byte == b'\n').collect();
        let from = lines.len().saturating_sub(tail as usize);
        lines.get(from..).unwrap_or_default().concat()
    }

    pub(super) fn first_line(&self) -> Option<String> {
        let line = self.console.split(|byte| *byte == b'\n').next()?;
        let line = String::from_utf8_lossy(line).trim_end().to_owned();
        Some(line).filter(|_| !self.console.is_empty())
    }

    /// The ports of the host that it shows.
    pub(super) fn host_ports(&self) -> impl Iterator<Item = (Protocol, u16)> {
        let own = self.spec.container.iter().filter(|own| own.beside.is_none());
        let published = own.flat_map(|own| &own.published);
        published.map(|row| (row.port.protocol, row.host_port))
    }

    pub(super) fn put_files(&mut self, new: &[GuestFile]) {
        self.files.extend(new.iter().map(|file| (file.path.clone(), file.clone())));
    }

    /// A file: one put in, or one of the image.
    pub(super) fn file(&self, path: &str) -> EngineResult<Option<GuestFile>> {
        match self.files.get(path) {
            Some(file) => Ok(Some(file.clone())),
            None => self.image.file(path),
        }
    }

    /// The image that a commit makes: its image's layers and one of the files put in.
    pub(super) fn commit(&self, run: RunConfig, at: Time) -> EngineResult<Image> {
        let own: Vec<_> = self.files.values().cloned().collect();
        let mut layers: Vec<Bytes> = self.image.layers.clone();
        layers.push(files::pack(&own, at)?);
        Ok(Image::new(run, layers, at))
    }

    pub(super) fn note_exec(&mut self, exec: Exec) {
        if self.execs.len() == EXECS_KEPT {
            self.execs.pop_front();
        }
        self.execs.push_back(exec);
    }

    pub(super) fn execs(&self) -> impl Iterator<Item = &Exec> {
        self.execs.iter()
    }

    /// A formula, so that two runs of a test see the same: one hundredth of its CPUs since it was
    /// started, an eighth of its memory, a kilobyte a second on the wire.
    pub(super) fn usage(&self, now: Time) -> Usage {
        let limit = self.spec.limits.memory_bytes;
        let Some(since) = self.started_at.filter(|_| self.is_up()) else {
            return Usage { memory_limit_bytes: limit, ..Usage::default() };
        };
        let seconds = (now.seconds() - since.seconds()).unsigned_abs();
        let carried = |per_second| Carried {
            bytes: seconds * per_second,
            packets: seconds,
            ..Carried::default()
        };
        let interface = InterfaceUsage { received: carried(1024), sent: carried(512) };
        let names = (0..self.attachments.len()).map(|index| format!("eth{index}"));
        Usage {
            cpu_ns: seconds * u64::from(self.spec.limits.vcpus.max(1)) * 10_000_000,
            memory_bytes: if limit == 0 { 16 << 20 } else { limit / 8 },
            memory_limit_bytes: limit,
            per_cpu_ns: Vec::new(),
            interfaces: names.map(|name| (name, interface)).collect(),
            read_bytes: 1 << 20,
            written_bytes: seconds * 4096,
            reads: 256,
            writes: seconds,
            processes: 1,
        }
    }
}
