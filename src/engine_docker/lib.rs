//! The Docker Engine as the house's engine. The only crate that imports bollard.
//!
//! | module | what it does |
//! |---|---|
//! | `connect` | finds the engine, agrees on an API version, bounds every call in time |
//! | `dialect` | what engines before API 1.44 want said differently |
//! | `errors` | what the engine answers → [`kit::engine::EngineError`] |
//! | `names` | labels, references and attributes, ours and Docker's |
//! | `instances` `spec` `observe` `interfaces` `way_out` `exec` `files` `usage` | containers |
//! | `filter` `ruleset` `gate` `nft` | what may pass at containers |
//! | `namespace` `netlink` | the kernel's side of a container's network |
//! | `images` `archive` | images |
//! | `routing` `forwarding` `extra_routes` | rules of the host: which networks lead where |
//! | `proc_views` | what a container reads of its machine |
//! | `networks` `volumes` `host` `events` | the rest |
//!
//! Root makes one [`DockerEngine`] and hands it out as `dyn Engine`. It keeps nothing but the way
//! to the engine and what can be done there: what exists is asked for, every time.

mod adjustments;
mod archive;
mod connect;
mod dialect;
mod errors;
mod events;
mod exec;
mod extra_routes;
mod files;
mod filter;
mod forwarding;
mod gate;
mod host;
mod images;
mod instances;
mod interfaces;
mod names;
mod namespace;
mod netlink;
mod networks;
mod nft;
mod observe;
mod proc_views;
mod routing;
mod ruleset;
mod spec;
mod terminal;
mod usage;
mod volumes;
mod way_out;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock};

use kit::engine::EngineResult;
use kit::ids::InstallationId;

use self::connect::Connection;

/// A Docker Engine, as one installation uses it.
#[derive(Clone, Debug)]
pub struct DockerEngine {
    connection: Arc<Connection>,
    installation: InstallationId,
    /// Why containers cannot be filtered, once that is known; `None` where they can.
    unfiltered: OnceLock<Option<String>>,
    /// Whether a container may be guarded, once that is known.
    guards: Arc<Mutex<Option<bool>>>,
    /// Whether this process has made the gate of guests.
    gate_stands: Arc<AtomicBool>,
    /// Held by whoever makes a network.
    making: Arc<tokio::sync::Mutex<()>>,
}

impl DockerEngine {
    /// The engine at `docker_host` (`unix://…`, `tcp://…`). Nothing is contacted yet: calls to an
    /// engine that is not there answer [`kit::engine::EngineError::Unreachable`], and work as
    /// soon as it is. Only an address that can't be one is an error here.
    pub fn connect(docker_host: &str, installation: InstallationId) -> EngineResult<Self> {
        Ok(Self {
            connection: Arc::new(Connection::new(docker_host)?),
            installation,
            unfiltered: OnceLock::new(),
            guards: Arc::default(),
            gate_stands: Arc::default(),
            making: Arc::default(),
        })
    }
}
