//! Networks: bridges with pools of addresses. What keeps them apart is Docker's own isolation.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use async_trait::async_trait;
use bollard::models::{ContainerSummary, Ipam, IpamConfig, NetworkCreateRequest, NetworkInspect};
use bollard::query_parameters::{
    InspectNetworkOptions, ListContainersOptionsBuilder, ListNetworksOptionsBuilder,
};
use kit::engine::{EngineError, EngineNetwork, EngineResult, NetworkSpec, Networks, Pool, Routing};

use crate::DockerEngine;
use crate::connect::Patience;
use crate::errors::found;
use crate::names::{Filters, filter, is_ours, labels, marked, must_be_ours, ours};

/// How often, and how long apart, the removal of a network without instances is tried before
/// what is left on it is taken away: Docker lets go of a removed container's endpoint a moment
/// after the container, and after a failed start now and then never.
const LOOKS_FOR_LEFTOVERS: u32 = 10;
const LOOK_EVERY: Duration = Duration::from_millis(100);
const OPTION_MTU: &str = "com.docker.network.driver.mtu";

#[async_trait]
impl Networks for DockerEngine {
    async fn ensure_network(&self, spec: &NetworkSpec) -> EngineResult<EngineNetwork> {
        // One at a time: while Docker makes a network, another of its name is not refused as such
        // but as one that overlaps, and neither is to be seen yet.
        let _alone = self.making.lock().await;
        let there = self.look_network(&spec.name).await?;
        let made = match there {
            Some(_) => Ok(()),
            None => self.make_network(spec).await,
        };
        // Somebody else may have made it since: the failure counts only if nobody has.
        match (self.look_network(&spec.name).await?, made) {
            (Some(network), _) => {
                must_be_ours(&self.installation, &network.labels, &spec.name)?;
                Ok(network)
            }
            (None, Err(error)) => Err(error),
            (None, Ok(())) => Err(EngineError::NotFound(spec.name.clone())),
        }
    }

    async fn network(&self, name: &str) -> EngineResult<Option<EngineNetwork>> {
        let seen = self.look_network(name).await?;
        Ok(seen.filter(|seen| is_ours(&self.installation, &seen.labels)))
    }

    async fn networks(&self) -> EngineResult<Vec<EngineNetwork>> {
        let mut all = self.list_networks(&ours(&self.installation)).await?;
        let mut members = by_network(self.containers(&Filters::new()).await?);
        for network in &mut all {
            network.instances = members.remove(&network.name).into_iter().flatten().collect();
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    async fn pools_in_use(&self) -> EngineResult<Vec<String>> {
        let everybodys = self.list_networks(&Filters::new()).await?;
        let pools = everybodys.into_iter().flat_map(|network| network.pools);
        Ok(pools.map(|pool| pool.cidr).collect())
    }

    async fn apply_routing(&self, routing: &Routing) -> EngineResult<()> {
        self.route(routing).await
    }

    async fn remove_network(&self, name: &str) -> EngineResult<()> {
        self.take_network(name).await?;
        if self.can_filter().await?
            && self.list_networks(&ours(&self.installation)).await?.is_empty()
        {
            self.remove_gate().await;
        }
        Ok(())
    }
}

impl DockerEngine {
    async fn take_network(&self, name: &str) -> EngineResult<()> {
        if self.network(name).await?.is_none() {
            return Ok(());
        }
        // Docker removes a network under instances that don't run; they could never start again.
        if let Some(member) = self.members(name).await?.first() {
            return Err(EngineError::Busy(format!("{member} is on the network {name}")));
        }
        for _ in 0..LOOKS_FOR_LEFTOVERS {
            match self.drop_network(name).await {
                Err(EngineError::Busy(_)) => tokio::time::sleep(LOOK_EVERY).await,
                answer => return answer,
            }
        }
        for left in self.endpoints(name).await? {
            tracing::warn!(network = name, left, "taking away what a container left");
            found(self.disconnect_network(&left, name).await)?;
        }
        match self.drop_network(name).await {
            Err(EngineError::Busy(_)) => Err(self.miscounted(name).await?),
            answer => answer,
        }
    }

    /// Removes a network; gone is success.
    async fn drop_network(&self, name: &str) -> EngineResult<()> {
        let answer = self
            .connection
            .call(Patience::Guest, |docker| async move { docker.remove_network(name).await })
            .await;
        found(answer).map(drop)
    }

    /// Why a network stays that nobody is on. Docker counts the endpoints of a network apart from the
    /// endpoints, loses count now and then when many containers start at once (20.10 does), and
    /// counts anew only when it starts.
    async fn miscounted(&self, network: &str) -> EngineResult<EngineError> {
        let left = self.endpoints(network).await?;
        Ok(EngineError::Busy(if left.is_empty() {
            format!(
                "Docker counts endpoints on the network {network} that are not there: restart Docker, and it counts anew"
            )
        } else {
            format!("{} are on the network {network}", left.join(", "))
        }))
    }

    /// The names of the containers that have an endpoint on a network, also of those that are gone.
    async fn endpoints(&self, network: &str) -> EngineResult<Vec<String>> {
        let seen = self.inspect_network(network).await?;
        let there = seen.and_then(|seen| seen.containers).unwrap_or_default();
        Ok(there.into_values().filter_map(|endpoint| endpoint.name).collect())
    }

    async fn make_network(&self, spec: &NetworkSpec) -> EngineResult<()> {
        let request = NetworkCreateRequest {
            name: spec.name.clone(),
            driver: Some("bridge".to_owned()),
            internal: Some(spec.internal),
            enable_ipv6: Some(spec.pools.iter().any(|pool| pool.cidr.contains(':'))),
            ipam: Some(Ipam {
                config: Some(spec.pools.iter().map(ipam_config).collect()),
                ..Ipam::default()
            }),
            options: (spec.mtu > 0)
                .then(|| HashMap::from([(OPTION_MTU.to_owned(), spec.mtu.to_string())])),
            labels: Some(marked(&self.installation, &spec.labels)),
            ..NetworkCreateRequest::default()
        };
        self.connection
            .call(Patience::Guest, |docker| async move {
                docker.create_network(request).await.map(drop)
            })
            .await
    }

    /// Networks; their instances are not looked for.
    pub(crate) async fn list_networks(
        &self,
        filters: &Filters,
    ) -> EngineResult<Vec<EngineNetwork>> {
        let options = ListNetworksOptionsBuilder::new().filters(filters).build();
        let listed = self
            .connection
            .call(
                Patience::Short,
                |docker| async move { docker.list_networks(Some(options)).await },
            )
            .await?;
        let views = listed.into_iter().map(|seen| EngineNetwork {
            mtu: mtu(seen.options),
            ..network(seen.name, seen.id, seen.labels, seen.ipam)
        });
        Ok(views.collect())
    }

    /// A network by name, whoever it belongs to; its instances are not looked for.
    async fn look_network(&self, name: &str) -> EngineResult<Option<EngineNetwork>> {
        let seen = self.inspect_network(name).await?;
        Ok(seen.map(|seen| EngineNetwork {
            mtu: mtu(seen.options),
            ..network(seen.name, seen.id, seen.labels, seen.ipam)
        }))
    }

    async fn inspect_network(&self, name: &str) -> EngineResult<Option<NetworkInspect>> {
        let answer = self
            .connection
            .call(Patience::Short, |docker| async move {
                docker.inspect_network(name, None::<InspectNetworkOptions>).await
            })
            .await;
        found(answer)
    }

    /// The containers on a network, running or not.
    async fn members(&self, network: &str) -> EngineResult<Vec<String>> {
        let containers = self.containers(&filter("network", &[network])).await?;
        Ok(by_network(containers).remove(network).into_iter().flatten().collect())
    }

    async fn containers(&self, filters: &Filters) -> EngineResult<Vec<ContainerSummary>> {
        let options = ListContainersOptionsBuilder::new().all(true).filters(filters).build();
        self.connection
            .call(
                Patience::Short,
                |docker| async move { docker.list_containers(Some(options)).await },
            )
            .await
    }
}

fn by_network(containers: Vec<ContainerSummary>) -> HashMap<String, BTreeSet<String>> {
    let mut members: HashMap<_, BTreeSet<_>> = HashMap::new();
    for container in containers {
        let name = container.names.into_iter().flatten().next().unwrap_or_default();
        let networks = container.network_settings.and_then(|settings| settings.networks);
        for network in networks.unwrap_or_default().into_keys() {
            members.entry(network).or_default().insert(name.trim_start_matches('/').to_owned());
        }
    }
    members
}

fn ipam_config(pool: &Pool) -> IpamConfig {
    IpamConfig {
        subnet: Some(pool.cidr.clone()),
        gateway: pool.gateway.map(|gateway| gateway.to_string()),
        ..IpamConfig::default()
    }
}

fn network(
    name: Option<String>,
    id: Option<String>,
    all_labels: Option<HashMap<String, String>>,
    ipam: Option<Ipam>,
) -> EngineNetwork {
    let pools = ipam.and_then(|ipam| ipam.config).unwrap_or_default();
    EngineNetwork {
        name: name.unwrap_or_default(),
        engine_id: id.unwrap_or_default(),
        labels: labels(all_labels),
        pools: pools.into_iter().filter_map(pool).collect(),
        mtu: 0,
        instances: Vec::new(),
    }
}

fn mtu(options: Option<HashMap<String, String>>) -> u32 {
    options.and_then(|all| all.get(OPTION_MTU)?.parse().ok()).unwrap_or(0)
}

fn pool(config: IpamConfig) -> Option<Pool> {
    // Some engines show the gateway with the length of its prefix.
    let gateway = config.gateway.as_deref().and_then(|text| text.split('/').next()?.parse().ok());
    Some(Pool { cidr: config.subnet?, gateway })
}
