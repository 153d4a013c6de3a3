//! The rules of networks.

use kit::Result;
use kit::clock::Time;
use kit::config;
use kit::ids::{NetworkId, ProjectId};
use rusqlite::Connection;

use super::model::{Network, NetworkChange, NewNetwork};
use super::store;
use crate::routers::errors::external_network_in_use;
use crate::standard::Standard;
use crate::{errors, ports, routers};

/// Makes a network. Quotas are the caller's business.
pub(crate) fn create(
    connection: &Connection,
    now: Time,
    settings: &config::Network,
    project: &ProjectId,
    new: NewNetwork,
) -> Result<Network> {
    if let Some(zone) = new.availability_zone_hints.first() {
        return Err(errors::zone_not_found(zone));
    }
    let network = Network {
        id: new.id.unwrap_or_else(NetworkId::random),
        project: project.clone(),
        name: new.name,
        description: new.description,
        admin_state_up: new.admin_state_up.unwrap_or(true),
        shared: new.shared,
        external: new.external,
        port_security_enabled: new.port_security_enabled.unwrap_or(true),
        mtu: settings.mtu,
        subnets: Vec::new(),
        ipv4_address_scope: None,
        ipv6_address_scope: None,
        standard: Standard { tags: new.tags, ..Standard::new(now, 1) },
    };
    store::insert(connection, &network)?;
    Ok(network)
}

/// Changes a network; one that other projects use stays shared.
pub(crate) fn update(
    connection: &Connection,
    now: Time,
    network: Network,
    change: NetworkChange,
) -> Result<()> {
    let unshared = network.shared && change.shared == Some(false);
    if unshared && ports::store::used_by_others(connection, &network.id, &network.project)? {
        return Err(errors::invalid_shared_setting(&network.name));
    }
    if network.external
        && change.external == Some(false)
        && routers::store::leads_out_by(connection, &network.id)?
    {
        return Err(external_network_in_use(&network.id));
    }
    let changed = Network {
        name: change.name.unwrap_or(network.name),
        description: change.description.unwrap_or(network.description),
        admin_state_up: change.admin_state_up.unwrap_or(network.admin_state_up),
        shared: change.shared.unwrap_or(network.shared),
        external: change.external.unwrap_or(network.external),
        port_security_enabled: change
            .port_security_enabled
            .unwrap_or(network.port_security_enabled),
        ..network
    };
    store::update(connection, &changed, now)
}

/// Deletes a network that no port is on, with its subnets.
pub(crate) fn delete(connection: &Connection, network: &Network) -> Result<()> {
    let ports = ports::store::of_network(connection, &network.id)?;
    if !ports.is_empty() {
        return Err(errors::network_in_use(&network.id, &ports));
    }
    store::delete(connection, &network.id)
}
