//! The interfaces of a container: added, taken away, and kept in order.
//!
//! Docker numbers the interfaces of a container that starts by the names of its networks, whatever
//! the order in which they were connected; one connected to a running container comes last. So a
//! container with several is started with the first alone, and the others follow.
//!
//! **Invariant:** a start that is cut off in the middle may leave interfaces out, and never leaves
//! a wrong one: who asked for the start asks for each of its interfaces again
//! ([`kit::engine::Instances::attach`]), which does nothing where all is well.

use std::collections::HashMap;

use bollard::models::{
    ContainerInspectResponse, EndpointSettings, NetworkConnectRequest, NetworkDisconnectRequest,
};
use bollard::query_parameters::StartContainerOptions;
use kit::engine::{Attachment, EngineResult, beyond_first};

use crate::DockerEngine;
use crate::connect::Patience;
use crate::instances::no_such;
use crate::names::{LABEL_INTERFACES, NO_NETWORK};
use crate::observe::{addresses, observed};
use crate::spec::endpoint;

/// A network and how the container is on it.
type Interface = (String, EndpointSettings);

impl DockerEngine {
    pub(crate) async fn start_in_order(&self, name: &str) -> EngineResult<()> {
        let seen = self.look(name).await?.ok_or_else(|| no_such(name))?;
        let runs = seen.state.as_ref().and_then(|state| state.running) == Some(true);
        if Self::is_guarded(&seen) && !runs {
            self.shut_gate(&addresses(&observed(seen.clone()).attachments)).await?;
        }
        let mut later = in_order(seen);
        if later.len() < 2 {
            return self.start_container(name).await;
        }
        if runs {
            return self.keep_way_out(name).await;
        }
        let later = later.split_off(1);
        for (network, _) in &later {
            self.disconnect_network(name, network).await?;
        }
        let started = self.start_container(name).await;
        // Also after a failure: what was there shall be there for the next attempt.
        for (network, endpoint) in later {
            self.connect_network(name, &network, endpoint).await?;
        }
        started?;
        self.keep_way_out(name).await
    }

    pub(crate) async fn add_interface(&self, name: &str, wish: &Attachment) -> EngineResult<()> {
        let seen = self.look(name).await?.ok_or_else(|| no_such(name))?;
        let is_guarded = Self::is_guarded(&seen);
        let there = networks(seen);
        let is_new = !there.contains_key(&wish.network);
        if is_new {
            if is_guarded {
                self.shut_gate(&wish.addresses).await?;
            }
            // Docker connects nothing beside "no network".
            if there.contains_key(NO_NETWORK) {
                self.disconnect_network(name, NO_NETWORK).await?;
            }
            self.leave_way_out(name).await?;
            self.connect_network(name, &wish.network, endpoint(wish)).await?;
        }
        self.keep_way_out(name).await?;
        // What has just come has nothing to lose.
        let is_plain = wish.up && beyond_first(wish.addresses.iter().copied()).is_empty();
        if is_new && is_plain {
            return Ok(());
        }
        self.adjust(name, wish).await
    }

    pub(crate) async fn take_interface(&self, name: &str, network: &str) -> EngineResult<()> {
        let seen = self.look(name).await?.ok_or_else(|| no_such(name))?;
        let is_guarded = Self::is_guarded(&seen);
        let mut there = observed(seen).attachments;
        there.retain(|one| one.network == network);
        if !there.is_empty() {
            self.leave_way_out(name).await?;
            self.disconnect_network(name, network).await?;
            if is_guarded {
                self.forget_at_gate(&addresses(&there)).await;
            }
        }
        self.keep_way_out(name).await
    }

    async fn start_container(&self, name: &str) -> EngineResult<()> {
        self.connection
            .call(Patience::Guest, |docker| async move {
                docker.start_container(name, None::<StartContainerOptions>).await
            })
            .await
    }

    pub(crate) async fn connect_network(
        &self,
        name: &str,
        network: &str,
        endpoint: EndpointSettings,
    ) -> EngineResult<()> {
        let request =
            NetworkConnectRequest { container: name.to_owned(), endpoint_config: Some(endpoint) };
        self.connection
            .call(Patience::Guest, |docker| async move {
                docker.connect_network(network, request).await
            })
            .await
    }

    pub(crate) async fn disconnect_network(&self, name: &str, network: &str) -> EngineResult<()> {
        let request = NetworkDisconnectRequest { container: name.to_owned(), force: Some(true) };
        self.connection
            .call(Patience::Guest, |docker| async move {
                docker.disconnect_network(network, request).await
            })
            .await
    }
}

fn networks(seen: ContainerInspectResponse) -> HashMap<String, EndpointSettings> {
    seen.network_settings.and_then(|settings| settings.networks).unwrap_or_default()
}

/// The interfaces that the container was made with: network and MAC, in their order.
pub(crate) fn made_with(seen: &ContainerInspectResponse) -> Vec<(String, String)> {
    let labels = seen.config.as_ref().and_then(|config| config.labels.as_ref());
    let label = labels.and_then(|labels| labels.get(LABEL_INTERFACES));
    let pairs = label.into_iter().flat_map(|label| label.split(','));
    pairs
        .filter_map(|pair| pair.split_once('='))
        .map(|(network, mac)| (network.to_owned(), mac.to_owned()))
        .collect()
}

/// The interfaces as they shall be connected: those that the container was made with in their
/// order, then those attached later.
fn in_order(seen: ContainerInspectResponse) -> Vec<Interface> {
    let made_with = made_with(&seen);
    let place = |network: &str| made_with.iter().position(|(name, _)| name == network);

    let mut interfaces: Vec<_> = networks(seen).into_iter().collect();
    interfaces.sort_by(|(a, _), (b, _)| {
        let (at_a, at_b) = (place(a), place(b));
        at_a.is_none().cmp(&at_b.is_none()).then(at_a.cmp(&at_b)).then(a.cmp(b))
    });
    interfaces
        .into_iter()
        .map(|(network, there)| {
            let made = made_with.iter().find(|(name, _)| *name == network);
            let endpoint = again(there, made.map(|(_, mac)| mac.as_str()));
            (network, endpoint)
        })
        .collect()
}

/// What has to be said to get the same interface again; a container at rest may not show its MAC.
fn again(there: EndpointSettings, made_with: Option<&str>) -> EndpointSettings {
    let shown = there.mac_address.filter(|mac| !mac.is_empty());
    EndpointSettings {
        ipam_config: there.ipam_config,
        mac_address: shown.or_else(|| made_with.map(str::to_owned)),
        ..EndpointSettings::default()
    }
}

#[cfg(test)]
mod tests {
    use bollard::models::{ContainerConfig, NetworkSettings};

    use super::*;

    #[test]
    fn those_it_was_made_with_come_first_and_in_their_order() {
        let labels = HashMap::from([(LABEL_INTERFACES.to_owned(), "z=m1,b=m2,gone=m3".to_owned())]);
        let networks = ["a", "b", "z"].map(|name| (name.to_owned(), EndpointSettings::default()));
        let seen = ContainerInspectResponse {
            config: Some(ContainerConfig { labels: Some(labels), ..Default::default() }),
            network_settings: Some(NetworkSettings {
                networks: Some(HashMap::from(networks)),
                ..Default::default()
            }),
            ..Default::default()
        };
        let order = in_order(seen);
        let names: Vec<_> = order.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["z", "b", "a"]);
        assert_eq!(order[0].1.mac_address.as_deref(), Some("m1"));
        assert_eq!(order[2].1.mac_address, None);
    }
}
