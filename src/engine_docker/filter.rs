//! Sets the filter of a container, inside its network namespace.
//!
//! Possible where we run as root beside the engine, with the program `nft` and a kernel that has
//! what the rules need; tried once. Elsewhere nothing is filtered, and [`HostInfo::unfiltered`] says
//! why.
//!
//! [`HostInfo::unfiltered`]: kit::engine::HostInfo::unfiltered

use std::collections::HashMap;
use std::io;
use std::sync::{MutexGuard, PoisonError};

use bollard::models::ContainerInspectResponse;
use bollard::query_parameters::ListContainersOptionsBuilder;
use kit::engine::filter::Filter;
use kit::engine::{EngineError, EngineResult};

use crate::connect::Patience;
use crate::names::{LABEL_GUARDED, is_ours, labelled, labels};
use crate::namespace::within;
use crate::observe::observed;
use crate::ruleset::{Interface, ruleset};
use crate::{DockerEngine, netlink, nft};

impl DockerEngine {
    pub(crate) async fn filter(&self, name: &str, filter: &Filter) -> EngineResult<()> {
        // Where nothing is enforced, nothing is done: no rule of ours is there, and no gate.
        if filter.admits_all() && !self.guards_some().await? {
            return Ok(());
        }
        if let Some(why) = self.why_unfiltered().await? {
            return Err(EngineError::Unsupported(why));
        }
        let Some(seen) = self.look(name).await? else { return Ok(()) };
        if filter.admits_all() && !Self::is_guarded(&seen) {
            return Ok(());
        }
        let own = labels(seen.config.as_ref().and_then(|config| config.labels.clone()));
        let Some(namespace) = namespace(&seen).filter(|_| is_ours(&self.installation, &own)) else {
            return Ok(());
        };
        let networks: HashMap<String, String> = observed(seen)
            .attachments
            .into_iter()
            .map(|there| (there.mac, there.network))
            .collect();
        let filter = filter.clone();
        let ends = within(namespace.into(), move || put_in_place(&filter, &networks)).await;
        match ends {
            Ok(ends) => self.open_gate(&ends).await,
            // It has ended meanwhile, and its namespace with it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(EngineError::Other(format!("the filter of {name}: {error}"))),
        }
    }

    /// Whether containers can be filtered here.
    pub(crate) async fn can_filter(&self) -> EngineResult<bool> {
        Ok(self.why_unfiltered().await?.is_none())
    }

    /// Why they cannot; `None` where they can.
    pub(crate) async fn why_unfiltered(&self) -> EngineResult<Option<String>> {
        if let Some(known) = self.unfiltered.get() {
            return Ok(known.clone());
        }
        let why = if self.connection.link().await?.beside {
            match tokio::task::spawn_blocking(nft::probe).await {
                Ok(tried) => tried.err().map(|error| error.to_string()),
                Err(error) => Some(error.to_string()),
            }
        } else {
            Some("the engine is on another host".to_owned())
        };
        Ok(self.unfiltered.get_or_init(|| why).clone())
    }

    /// Whether a container of the installation may be guarded. The engine is asked once, because every
    /// start asks, also where nothing is enforced.
    async fn guards_some(&self) -> EngineResult<bool> {
        let known = *self.known_guards();
        if let Some(known) = known {
            return Ok(known);
        }
        let options = ListContainersOptionsBuilder::new()
            .all(true)
            .filters(&labelled(&self.installation, LABEL_GUARDED))
            .build();
        let guarded =
            self.connection
                .call(Patience::Short, |docker| async move {
                    docker.list_containers(Some(options)).await
                })
                .await?;
        Ok(*self.known_guards().get_or_insert(!guarded.is_empty()))
    }

    fn known_guards(&self) -> MutexGuard<'_, Option<bool>> {
        self.guards.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a guarded container is made.
    pub(crate) fn note_guarded(&self) {
        *self.known_guards() = Some(true);
    }

    /// Whether nothing may pass at this container before its filter is set.
    pub(crate) fn is_guarded(seen: &ContainerInspectResponse) -> bool {
        let labels = seen.config.as_ref().and_then(|config| config.labels.as_ref());
        labels.is_some_and(|labels| labels.contains_key(LABEL_GUARDED))
    }
}

/// The file of the namespace of a container that runs.
pub(crate) fn namespace(seen: &ContainerInspectResponse) -> Option<String> {
    let runs = seen.state.as_ref().and_then(|state| state.running) == Some(true);
    let key = seen.network_settings.as_ref()?.sandbox_key.clone();
    key.filter(|path| runs && !path.is_empty())
}

/// Inside: finds the interfaces by the MACs that the engine gave them, and puts the rules in place.
/// The answer is the indexes of their cables' ends outside.
fn put_in_place(filter: &Filter, networks: &HashMap<String, String>) -> io::Result<Vec<u32>> {
    let (mut interfaces, mut ends) = (Vec::new(), Vec::new());
    for link in netlink::links()? {
        let Some(network) = networks.get(&link.mac) else { continue };
        ends.push(link.peer);
        interfaces.push(Interface { name: link.name, network: network.clone(), mac: link.mac });
    }
    nft::run(&ruleset(filter, &interfaces))?;
    Ok(ends)
}
