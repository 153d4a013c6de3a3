//! The rules of ports.

use kit::Result;
use kit::clock::Time;
use kit::error::Error;
use kit::ids::{PortId, ProjectId, SecurityGroupId};
use kit::policy::Guarded;
use rusqlite::Connection;

use super::addresses;
use super::model::{NewPort, Port, PortStatus};
use super::store;
use crate::networks::model::Network;
use crate::standard::Standard;
use crate::{errors, mac, security_groups};

/// How many MACs are rolled before the range counts as full.
const MAC_ROLLS: usize = 64;

/// Makes a port on a network that the caller may use. Quotas are the caller's business.
pub(crate) fn create(
    connection: &Connection,
    now: Time,
    base_mac: &str,
    project: &ProjectId,
    network: &Network,
    new: NewPort,
) -> Result<Port> {
    let mac = match new.mac {
        Some(mac) if store::has_mac(connection, &mac)? => {
            return Err(errors::mac_in_use(&network.id, &mac));
        }
        Some(mac) => mac,
        None => free_mac(connection, base_mac)?,
    };
    let fixed_ips = addresses::choose(connection, &network.id, new.fixed_ips.as_deref(), &[])?;
    let security_groups = match new.security_groups {
        Some(groups) => check_groups(connection, groups)?,
        None => vec![security_groups::logic::ensure_default(connection, now, project)?],
    };
    let port = Port {
        id: PortId::random(),
        project: project.clone(),
        network: network.id.clone(),
        network_project: network.project.clone(),
        network_shared: network.shared,
        name: new.name,
        description: new.description,
        mac,
        admin_state_up: new.admin_state_up,
        status: PortStatus::Down,
        device_id: new.device_id,
        device_owner: new.device_owner,
        host: new.host,
        vnic_type: new.vnic_type,
        profile: new.profile,
        made_by_compute: new.made_by_compute,
        nic: new.nic,
        device_tag: new.device_tag,
        fixed_ips,
        security_groups,
        standard: Standard { tags: new.tags, ..Standard::new(now, 1) },
    };
    store::insert(connection, &port)?;
    Ok(port)
}

fn free_mac(connection: &Connection, base: &str) -> Result<String> {
    for _ in 0..MAC_ROLLS {
        let mac = mac::random(base);
        if !store::has_mac(connection, &mac)? {
            return Ok(mac);
        }
    }
    Err(Error::unavailable("Unable to generate unique mac on network.")
        .tag("HostMacAddressGenerationFailure"))
}

fn check_groups(
    connection: &Connection,
    groups: Vec<SecurityGroupId>,
) -> Result<Vec<SecurityGroupId>> {
    for group in &groups {
        let found: Option<Guarded<_>> = security_groups::store::get(connection, group)?;
        found.ok_or_else(|| errors::security_group_not_found(group))?;
    }
    Ok(groups)
}

/// Takes a port from its server: one that compute made goes, any other is free again.
pub(crate) fn unbind(connection: &Connection, now: Time, port: Port) -> Result<()> {
    if port.made_by_compute {
        return store::delete(connection, &port.id);
    }
    let free = Port {
        status: PortStatus::Down,
        device_id: String::new(),
        device_owner: String::new(),
        host: String::new(),
        nic: 0,
        device_tag: None,
        ..port
    };
    store::update(connection, &free, now)
}
