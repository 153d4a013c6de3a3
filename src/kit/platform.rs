//! What every handler, step and reconciler is given: the mechanisms, once each.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::clock::Clock;
use crate::config::Settings;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::ids::InstallationId;
use crate::metrics::Metrics;
use crate::policy::Enforcer;
use crate::quota::Quotas;
use crate::store::Store;
use crate::tasks::Tasks;

/// The mechanisms, built once by `app.rs` and shared by everything.
pub struct Platform {
    /// Every option.
    pub settings: Settings,
    /// The only source of "now".
    pub clock: Clock,
    /// The database.
    pub store: Store,
    /// The container engine.
    pub engine: Arc<dyn Engine>,
    /// The rules of who may do what.
    pub policy: Enforcer,
    /// The counted resources.
    pub quotas: Quotas,
    /// Counters and gauges.
    pub metrics: Metrics,
    /// Labels everything that is made on the engine.
    pub installation: InstallationId,
    /// Where files live that are not rows.
    pub data_dir: PathBuf,
    /// The background tasks of the process.
    pub tasks: Tasks,
    /// What services keep for themselves, by type.
    pub extensions: Extensions,
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform").field("installation", &self.installation).finish_non_exhaustive()
    }
}

impl Platform {
    /// What a service put aside for itself at start.
    pub fn extension<T: Any + Send + Sync>(&self) -> Result<Arc<T>> {
        self.extensions.get()
    }
}

/// One value per type; filled at start, read ever after.
#[derive(Default)]
pub struct Extensions(HashMap<TypeId, Arc<dyn Any + Send + Sync>>);

impl Extensions {
    /// Puts a value in; a second value of the type replaces the first.
    pub fn insert<T: Any + Send + Sync>(&mut self, value: T) {
        self.0.insert(TypeId::of::<T>(), Arc::new(value));
    }

    /// The value of the type.
    pub fn get<T: Any + Send + Sync>(&self) -> Result<Arc<T>> {
        self.0.get(&TypeId::of::<T>()).cloned().and_then(|value| value.downcast().ok()).ok_or_else(
            || Error::internal(format!("{} was not set up", std::any::type_name::<T>())),
        )
    }
}
