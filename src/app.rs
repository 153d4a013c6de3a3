//! THE list of services; the order in which the house starts and stops.
//!
//! ```text
//! start: settings → data folder → store → extensions → policy → engine → bootstrap rows
//!        → contract → recover → reconcile → listen → ready
//! stop:  stop accepting → finish requests → let acts finish → end tasks → close the store
//! ```

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kit::clock::Clock;
use kit::config::Settings;
use kit::engine::Engine;
use kit::engine::sim::SimEngine;
use kit::error::{Error, Result};
use kit::http::{Api, Doorway, Listener, Observer, Service};
use kit::ids::InstallationId;
use kit::metrics::Metrics;
use kit::platform::{Extensions, Platform};
use kit::policy::Enforcer;
use kit::quota::Quotas;
use kit::store::{Migration, Store};
use kit::tasks::Tasks;
use kit::workflow::{Reconcilers, Runner, Workflow};

use crate::health;

/// Every service, in the order in which they start. Adding one adds a row.
pub static SERVICES: &[&Service] = &[
    &identity::SERVICE,
    &image::SERVICE,
    &network::SERVICE,
    &compute::SERVICE,
    &orchestration::SERVICE,
    &orchestration::CLOUDFORMATION,
    &metadata::SERVICE,
    &placement::SERVICE,
    &health::SERVICE,
];

/// The tables of the mechanisms themselves.
static KIT_MIGRATIONS: &[Migration] = &[
    Migration { number: 1, sql: kit::quota::SCHEMA },
    Migration { number: 2, sql: kit::workflow::SCHEMA },
    Migration { number: 3, sql: kit::workflow::WAITING_SCHEMA },
];

/// The parts of the contract that all services share.
static SHARED_DOCUMENTS: &[(&str, &str)] =
    &[("shared.yaml", include_str!("../api-ref/shared.yaml"))];

/// The simulated engine has this image, so that something can boot.
const SIM_IMAGE: &str = "novadock/tiny:latest";

/// What the program and the tests decide differently.
pub struct Options {
    /// Every setting.
    pub settings: Settings,
    /// Where all state lives.
    pub data_dir: PathBuf,
    /// The clock.
    pub clock: Clock,
    /// An engine instead of the one that the settings name.
    pub engine: Option<Arc<dyn Engine>>,
    /// Told of every answer that breaks the contract.
    pub observer: Option<Observer>,
}

/// The house, standing; [`App::run`] opens the doors.
pub struct App {
    /// The mechanisms.
    pub platform: Arc<Platform>,
    /// All services.
    pub api: Arc<Api>,
    runner: Arc<Runner>,
    listeners: Vec<Listener>,
    /// Keeps a second process off the data folder; released when it ends, however it ends.
    _lock: File,
}

impl App {
    /// Builds everything and binds the ports; nothing is answered yet.
    pub async fn build(options: Options) -> Result<Self> {
        let Options { settings, data_dir, clock, engine, observer } = options;
        fs::create_dir_all(&data_dir)?;
        let lock = lock(&data_dir)?;
        let listeners = bind(&settings)?;
        let installation = installation(&data_dir)?;
        let store = Store::open(
            &data_dir.join("novadock.db"),
            &migrations(),
            &settings.database.synchronous,
        )?;
        let mut extensions = Extensions::default();
        for service in SERVICES {
            (service.extend)(&settings, &data_dir, &mut extensions)?;
        }
        extensions.insert(Doorway::default());
        let engine = match engine {
            Some(engine) => engine,
            None => connect(&settings, &installation, &clock)?,
        };
        let platform = Arc::new(Platform {
            policy: policy(&data_dir)?,
            quotas: quotas(&settings),
            metrics: Metrics::default(),
            tasks: Tasks::new(),
            settings,
            clock,
            store,
            engine,
            installation,
            data_dir,
            extensions,
        });
        for service in SERVICES {
            (service.start)(Arc::clone(&platform)).await?;
        }
        furnish(&platform).await?;
        let authenticator = Arc::new(identity::TokenAuthenticator);
        let shared = SHARED_DOCUMENTS;
        let api = Api::new(Arc::clone(&platform), SERVICES, authenticator, shared, observer)?;
        let api = Arc::new(api);
        platform.extension::<Doorway>()?.open(&api);
        let runner = Arc::new(Runner::new(Arc::clone(&platform), workflows()));
        Ok(Self { platform, api, runner, listeners, _lock: lock })
    }

    /// The address of the shared port.
    pub fn address(&self) -> Result<SocketAddr> {
        let shared = self.listeners.first().ok_or_else(|| Error::internal("nothing is bound"))?;
        Ok(shared.socket.local_addr()?)
    }

    /// Answers until `stop` resolves, then ends in order. What was running on the engine goes on
    /// at the next start.
    pub async fn run(self, stop: impl Future<Output = ()>) -> Result<()> {
        self.runner.recover().await?;
        Arc::clone(&self.runner).start();
        let reconcilers = SERVICES.iter().flat_map(|service| (service.reconcilers)());
        Reconcilers::new(Arc::clone(&self.platform), reconcilers).start();
        let workers = workers(&self.platform.settings);
        health::mark_ready(&self.platform)?;
        let served = self.api.serve(self.listeners, workers, stop).await;
        self.runner.drain().await;
        self.platform.tasks.stop();
        self.platform.tasks.wait().await;
        self.platform.store.close().await?;
        served
    }
}

/// Bootstrap rows that need those of two services: networks belong to the project `admin`.
async fn furnish(platform: &Arc<Platform>) -> Result<()> {
    let projects = platform.store.read(identity::facade::default_project_ids).await?;
    match projects.iter().find(|(name, _)| name == "admin") {
        Some((_, admin)) => network::facade::bootstrap(platform, admin).await,
        None => Ok(()),
    }
}

/// Every migration of the house.
fn migrations() -> Vec<Migration> {
    let services = SERVICES.iter().flat_map(|service| service.migrations.iter().copied());
    KIT_MIGRATIONS.iter().copied().chain(services).collect()
}

fn workflows() -> impl Iterator<Item = &'static Workflow> {
    SERVICES.iter().flat_map(|service| service.workflows.iter().copied())
}

/// All rules, with the operator's `policy.yaml` of the data folder over them.
pub fn policy(data_dir: &Path) -> Result<Enforcer> {
    let rules: Vec<_> = SERVICES.iter().map(|service| service.rules).collect();
    let file = data_dir.join("policy.yaml");
    Enforcer::new(&rules, file.exists().then_some(file.as_path()))
}

fn quotas(settings: &Settings) -> Quotas {
    let resources: Vec<_> = SERVICES.iter().map(|service| service.quotas).collect();
    Quotas::new(&resources, |name| settings.integer("quota", name).unwrap_or(-1))
}

/// The engine that the settings name. It need not answer yet.
pub fn connect(
    settings: &Settings,
    installation: &InstallationId,
    clock: &Clock,
) -> Result<Arc<dyn Engine>> {
    match settings.default.engine.as_str() {
        "docker" => {
            let host = &settings.default.docker_host;
            Ok(Arc::new(engine_docker::DockerEngine::connect(host, installation.clone())?))
        }
        "sim" => {
            let engine = SimEngine::with_clock(installation.clone(), clock.clone());
            engine.add_image(SIM_IMAGE);
            Ok(Arc::new(engine))
        }
        other => {
            let sentence = format!("setting [default] engine: {other:?} is not docker or sim");
            Err(Error::bad_request(sentence))
        }
    }
}

/// The id that labels everything on the engine; made at the first start.
pub fn installation(data_dir: &Path) -> Result<InstallationId> {
    let file = data_dir.join("installation");
    match fs::read_to_string(&file) {
        Ok(id) => Ok(InstallationId::from(id.trim())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let id = InstallationId::random();
            let draft = data_dir.join("installation.new");
            fs::write(&draft, id.as_str())?;
            fs::rename(draft, file)?;
            Ok(id)
        }
        Err(error) => Err(error.into()),
    }
}

/// Keeps a second process off the data folder until the file is closed.
pub(crate) fn lock(data_dir: &Path) -> Result<File> {
    let file = File::create(data_dir.join("lock"))?;
    file.try_lock().map_err(|error| {
        Error::conflict(format!(
            "another novadock uses {} ({error}); end it, or choose another --data-dir",
            data_dir.display()
        ))
    })?;
    Ok(file)
}

fn bind(settings: &Settings) -> Result<Vec<Listener>> {
    let shared = listen(&settings.default.listen, "")?;
    let host = shared.socket.local_addr()?.ip();
    let mut listeners = vec![shared];
    let native = SERVICES.iter().filter(|_| settings.default.native_ports);
    for service in native {
        let (Some(port), Some(mount)) = (service.native_port, service.mounts.first()) else {
            continue;
        };
        // Nova's own port is the shared one by default.
        if listeners.iter().any(|taken| taken.socket.local_addr().is_ok_and(|at| at.port() == port))
        {
            continue;
        }
        listeners.push(listen(&SocketAddr::new(host, port).to_string(), mount.prefix)?);
    }
    Ok(listeners)
}

fn listen(address: &str, prefix: &'static str) -> Result<Listener> {
    let socket = TcpListener::bind(address).map_err(|error| {
        Error::unavailable(format!(
            "cannot listen on {address}: {error}; end what listens there, or choose another --listen"
        ))
    })?;
    Ok(Listener { socket, prefix })
}

fn workers(settings: &Settings) -> usize {
    let machine = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    usize::try_from(settings.default.workers).ok().filter(|set| *set > 0).unwrap_or(machine)
}
