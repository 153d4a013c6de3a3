//! A [`Platform`] for the tests of kit and of the services: a real store in a folder of the
//! test, the engine and the clock that the test brings, everything else as shipped.
//!
//! Only tests call it. It never listens, never starts a task, and never mocks anything.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::clock::Clock;
use crate::config::Settings;
use crate::engine::Engine;
use crate::error::Result;
use crate::http::{Extend, Service};
use crate::ids::InstallationId;
use crate::metrics::Metrics;
use crate::platform::{Extensions, Platform};
use crate::policy::{Enforcer, Rule};
use crate::quota::{self, Quotas, Resource};
use crate::store::{Migration, Store};
use crate::tasks::Tasks;
use crate::workflow;

/// The house's own tables; services add theirs.
pub const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, sql: quota::SCHEMA },
    Migration { number: 2, sql: workflow::SCHEMA },
    Migration { number: 3, sql: workflow::WAITING_SCHEMA },
];

/// The installation of every such platform, for the engine that a test brings.
pub const INSTALLATION: &str = "00000000000000000000000000000001";

/// What a test wants different from the defaults.
pub struct Builder {
    folder: PathBuf,
    engine: Arc<dyn Engine>,
    clock: Clock,
    migrations: Vec<Migration>,
    settings: Vec<(&'static str, &'static str, String)>,
    rules: Vec<&'static [Rule]>,
    resources: Vec<&'static [Resource]>,
    extensions: Extensions,
    extend: Vec<Extend>,
}

/// A platform whose files live in `folder`, over `engine`, with the machine's clock.
pub fn platform(folder: &Path, engine: Arc<dyn Engine>) -> Builder {
    Builder {
        folder: folder.to_owned(),
        engine,
        clock: Clock::system(),
        migrations: MIGRATIONS.to_vec(),
        // A test has no use for what survives a power cut of the machine, and many have to share
        // its disk.
        settings: vec![("database", "synchronous", "OFF".to_owned())],
        rules: Vec::new(),
        resources: Vec::new(),
        extensions: Extensions::default(),
        extend: Vec::new(),
    }
}

impl Builder {
    /// Another clock.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The tables of a service.
    #[must_use]
    pub fn migrations(mut self, migrations: &[Migration]) -> Self {
        self.migrations.extend_from_slice(migrations);
        self
    }

    /// Another value for one option.
    #[must_use]
    pub fn setting(mut self, section: &'static str, name: &'static str, value: &str) -> Self {
        self.settings.push((section, name, value.to_owned()));
        self
    }

    /// The rules of a service.
    #[must_use]
    pub fn rules(mut self, rules: &'static [Rule]) -> Self {
        self.rules.push(rules);
        self
    }

    /// The counted resources of a service; all of them are without a limit.
    #[must_use]
    pub fn resources(mut self, resources: &'static [Resource]) -> Self {
        self.resources.push(resources);
        self
    }

    /// All that a service brings: its tables, rules, resources, and what it puts aside.
    #[must_use]
    pub fn service(mut self, service: &'static Service) -> Self {
        self.extend.push(service.extend);
        self.migrations(service.migrations).rules(service.rules).resources(service.quotas)
    }

    /// What a service puts aside for itself at start.
    #[must_use]
    pub fn extension<T: std::any::Any + Send + Sync>(mut self, value: T) -> Self {
        self.extensions.insert(value);
        self
    }

    /// The platform. The same folder again is the same database again: a restart.
    pub fn build(mut self) -> Result<Arc<Platform>> {
        let settings = Settings::load(None, std::iter::empty(), &self.settings)?;
        for extend in &self.extend {
            extend(&settings, &self.folder, &mut self.extensions)?;
        }
        let store = Store::open(
            &self.folder.join("novadock.db"),
            &self.migrations,
            &settings.database.synchronous,
        )?;
        Ok(Arc::new(Platform {
            settings,
            clock: self.clock,
            store,
            engine: self.engine,
            policy: Enforcer::new(&self.rules, None)?,
            quotas: Quotas::new(&self.resources, |_| -1),
            metrics: Metrics::default(),
            installation: InstallationId::from(INSTALLATION),
            data_dir: self.folder,
            tasks: Tasks::new(),
            extensions: self.extensions,
        }))
    }
}
