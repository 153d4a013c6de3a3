//! What a request to make a server means in networks, and the ports that come of it.
//!
//! Called by [`crate::facade`] only. The sentences are Nova's (`nova/network/neutron.py`).

use kit::clock::Time;
use kit::error::{Error, Kind, Result};
use kit::ids::{NetworkId, PortId, ProjectId, SecurityGroupId, UserId};
use kit::platform::Platform;
use kit::policy::Caller;
use rusqlite::Connection;

use crate::facade::{Binding, NetworkRequest, PlannedNic, PlannedNics, RequestedNic};
use crate::networks::model::Network;
use crate::policy;
use crate::ports::model::{ForServer, NewPort, Port, WantedIp};
use crate::resource::seen_by;
use crate::{networks, ports, security_groups, subnets};

/// Holds a request to the rules; see [`crate::facade::validate_requests`].
pub(crate) fn decide(
    platform: &Platform,
    connection: &Connection,
    caller: &Caller,
    request: &NetworkRequest,
    count: i64,
) -> Result<PlannedNics> {
    let planner = Planner { platform, connection, caller, count };
    let nics = match request {
        NetworkRequest::None => Vec::new(),
        NetworkRequest::Auto => vec![planner.default_network()?],
        NetworkRequest::List(wanted) => {
            wanted.iter().map(|nic| planner.one(nic)).collect::<Result<_>>()?
        }
    };
    planner.check_quota(&nics)?;
    Ok(PlannedNics(nics))
}

struct Planner<'a> {
    platform: &'a Platform,
    connection: &'a Connection,
    caller: &'a Caller,
    count: i64,
}

impl Planner<'_> {
    /// The project's own network if it has exactly one, else the one shared by all.
    fn default_network(&self) -> Result<PlannedNic> {
        let project = self.caller.require_project()?;
        let mut usable = Vec::new();
        for guarded in networks::store::list(self.connection, Some(project))? {
            let network = self.open(guarded).filter(|network| !network.external);
            usable.extend(network.filter(|network| !network.subnets.is_empty()));
        }
        let (own, shared): (Vec<_>, Vec<_>) =
            usable.into_iter().partition(|network| network.project == *project);
        let candidates = if own.is_empty() { shared } else { own };
        match candidates.as_slice() {
            [network] => Ok(new_nic(network.id.clone())),
            [] => Err(Error::bad_request(format!(
                "Unable to automatically allocate a network for project {project}"
            ))),
            [_, _, ..] => Err(Error::conflict(
                "Multiple possible networks found, use a Network ID to be more specific.",
            )
            .tag("NetworkAmbiguous")),
        }
    }

    fn one(&self, nic: &RequestedNic) -> Result<PlannedNic> {
        let mut planned = match (&nic.port, &nic.network) {
            (Some(port), _) => self.existing(port)?,
            (None, Some(network)) => self.on_network(network, nic)?,
            (None, None) => self.default_network()?,
        };
        planned.tag.clone_from(&nic.tag);
        Ok(planned)
    }

    fn existing(&self, id: &PortId) -> Result<PlannedNic> {
        if self.count > 1 {
            return Err(Error::bad_request(
                "Unable to launch multiple instances with a single configured port ID. Please \
                 launch your instance one by one with different ports.",
            ));
        }
        let port = ports::store::get(self.connection, id)?
            .and_then(|port| port.open(&self.platform.policy, self.caller, &policy::GET_PORT).ok())
            .ok_or_else(|| {
                let sentence = format!("Port id {id} could not be found.");
                Error::bad_request(sentence).tag("PortNotFound")
            })?;
        if !port.device_id.is_empty() {
            return Err(port_in_use(id));
        }
        if port.fixed_ips.is_empty() {
            return Err(Error::bad_request(format!(
                "Port {id} requires a FixedIP in order to be used."
            )));
        }
        Ok(PlannedNic { port: Some(id.clone()), ..new_nic(port.network) })
    }

    fn on_network(&self, id: &NetworkId, nic: &RequestedNic) -> Result<PlannedNic> {
        let network = networks::store::get(self.connection, id)?
            .and_then(|network| self.open(network))
            .ok_or_else(|| {
                let sentence = format!("Network {id} could not be found.");
                Error::bad_request(sentence).tag("NetworkNotFound")
            })?;
        if network.subnets.is_empty() {
            return Err(Error::bad_request(format!(
                "Network {id} requires a subnet in order to boot instances on."
            )));
        }
        // Nova: `network:attach_external_network`, administrators only.
        let own = kit::policy::Target::own(self.caller);
        let attach = &policy::CREATE_NETWORK_EXTERNAL;
        if network.external
            && !network.shares.with_caller(Some(self.caller))
            && !self.platform.policy.allows(attach, self.caller, &own)
        {
            return Err(Error::forbidden(format!(
                "It is not allowed to create an interface on external network {id}"
            )));
        }
        if let Some(address) = nic.fixed_ip {
            self.check_address(id, address)?;
        }
        Ok(PlannedNic { fixed_ip: nic.fixed_ip, ..new_nic(id.clone()) })
    }

    fn check_address(&self, network: &NetworkId, address: std::net::IpAddr) -> Result<()> {
        if self.count > 1 {
            return Err(Error::bad_request(
                "Failed to launch instances: max_count cannot be greater than 1 if an fixed_ip \
                 is specified.",
            ));
        }
        let subnets = subnets::store::of_network(self.connection, network)?;
        let holding = subnets.iter().find(|subnet| subnet.cidr.contains(&address));
        let Some(subnet) = holding else {
            return Err(Error::bad_request(format!(
                "Fixed IP {address} is not a valid ip address for network {network}."
            )));
        };
        if subnets::store::taken(self.connection, &subnet.id)?.contains(&address) {
            let holder = ports::store::holder_of(self.connection, &address.to_string())?;
            let server = holder.map(|(server, _)| server).unwrap_or_default();
            let sentence =
                format!("Fixed IP address {address} is already in use on instance {server}.");
            return Err(Error::bad_request(sentence).tag("FixedIpAlreadyInUse"));
        }
        Ok(())
    }

    fn check_quota(&self, planned: &[PlannedNic]) -> Result<()> {
        let Some(project) = self.caller.project() else {
            return Ok(());
        };
        let new = planned.iter().filter(|nic| nic.port.is_none()).count();
        let new = i64::try_from(new).unwrap_or(i64::MAX).saturating_mul(self.count);
        let nobody = UserId::from("");
        let quotas = &self.platform.quotas;
        if quotas.check(self.connection, project, &nobody, &[("port", new)])?.is_empty() {
            return Ok(());
        }
        Err(too_many_ports())
    }

    fn open(&self, network: kit::policy::Guarded<Network>) -> Option<Network> {
        let network = seen_by(self.caller, network);
        network.open(&self.platform.policy, self.caller, &policy::GET_NETWORK).ok()
    }
}

/// Makes new ports and binds those that are there; see [`crate::facade::allocate`].
pub(crate) fn carry_out(
    platform: &Platform,
    connection: &Connection,
    now: Time,
    binding: &Binding<'_>,
    planned: &PlannedNics,
) -> Result<()> {
    let made = planned.0.iter().filter(|nic| nic.port.is_none()).count();
    let made = i64::try_from(made).unwrap_or(i64::MAX);
    let nobody = UserId::from("");
    let exceeded =
        platform.quotas.check(connection, binding.project, &nobody, &[("port", made)])?;
    if !exceeded.is_empty() {
        return Err(too_many_ports());
    }
    let present = ports::store::of_device(connection, binding.server)?;
    let first = present.iter().map(|port| port.nic + 1).max().unwrap_or(0);
    let owner = format!("compute:{}", platform.settings.compute.availability_zone);
    for (nic, plan) in (first..).zip(&planned.0) {
        if let Some(id) = &plan.port {
            bind(connection, now, binding, &owner, nic, plan, id)?;
        } else {
            let base_mac = &platform.settings.network.base_mac;
            make(connection, now, base_mac, binding, &owner, nic, plan)?;
        }
    }
    Ok(())
}

fn bind(
    connection: &Connection,
    now: Time,
    binding: &Binding<'_>,
    owner: &str,
    nic: i64,
    plan: &PlannedNic,
    id: &PortId,
) -> Result<()> {
    let found = ports::store::get_for_system(connection, id)?;
    let port =
        found.ok_or_else(|| Error::bad_request(format!("Port id {id} could not be found.")))?;
    if !port.device_id.is_empty() && port.device_id != binding.server.as_str() {
        return Err(port_in_use(id));
    }
    let bound = Port {
        device_id: binding.server.to_string(),
        device_owner: owner.to_owned(),
        host: binding.host.to_owned(),
        nic,
        device_tag: plan.tag.clone(),
        ..port
    };
    ports::store::update(connection, &bound, now)
}

fn make(
    connection: &Connection,
    now: Time,
    base_mac: &str,
    binding: &Binding<'_>,
    owner: &str,
    nic: i64,
    plan: &PlannedNic,
) -> Result<()> {
    let id = &plan.network;
    let network = networks::store::get_for_system(connection, id)?
        .ok_or_else(|| Error::bad_request(format!("Network {id} could not be found.")))?;
    let groups = binding.security_groups;
    let new = NewPort {
        network_id: id.clone(),
        device_id: binding.server.to_string(),
        device_owner: owner.to_owned(),
        host: binding.host.to_owned(),
        for_server: ForServer { made_by_compute: true, nic, device_tag: plan.tag.clone() },
        fixed_ips: plan
            .fixed_ip
            .map(|address| vec![WantedIp { subnet_id: None, ip_address: Some(address) }]),
        security_groups: (!groups.is_empty()).then(|| groups.to_vec()),
        port_security_enabled: binding.port_security,
        ..NewPort::default()
    };
    let made = ports::logic::create(connection, now, base_mac, binding.project, &network, new);
    made.map(drop).map_err(|error| in_nova(error, id, plan))
}

/// The failures of a new port that Nova words its own way.
fn in_nova(error: Error, network: &NetworkId, plan: &PlannedNic) -> Error {
    let sentence = match (error.tag, plan.fixed_ip) {
        ("IpAddressGenerationFailure", _) => {
            format!("No fixed IP addresses available for network: {network}")
        }
        ("PortSecurityAndIPRequiredForSecurityGroups", _) => {
            "Network requires port_security_enabled and subnet associated in order to apply \
             security groups."
                .to_owned()
        }
        ("IpAddressAlreadyAllocated", Some(address)) => {
            format!("Fixed IP address {address} is already in use on instance .")
        }
        (_, _) => return error,
    };
    Error { public: sentence, ..error }
}

/// The groups that names or ids mean; see [`crate::facade::resolve_security_groups`].
pub(crate) fn resolve_groups(
    connection: &Connection,
    now: Time,
    project: &ProjectId,
    names: &[String],
) -> Result<Vec<SecurityGroupId>> {
    security_groups::logic::ensure_default(connection, now, project)?;
    let mut groups = Vec::new();
    for name in names {
        let found = security_groups::store::named(connection, project, name)?;
        let id = match found.as_slice() {
            [] => {
                return Err(Error::bad_request(format!(
                    "Unable to find security_group with name or id '{name}'"
                )));
            }
            [first, _, ..] if first.as_str() != name => {
                return Err(Error::conflict(format!(
                    "Multiple security groups found matching '{name}'. Use an ID to be more \
                     specific."
                )));
            }
            [first, ..] => first.clone(),
        };
        if !groups.contains(&id) {
            groups.push(id);
        }
    }
    Ok(groups)
}

fn new_nic(network: NetworkId) -> PlannedNic {
    PlannedNic { network, port: None, fixed_ip: None, tag: None }
}

fn port_in_use(id: &PortId) -> Error {
    Error::conflict(format!("Port {id} is still in use."))
}

fn too_many_ports() -> Error {
    Error::new(Kind::QuotaExceeded, "Maximum number of ports exceeded")
}
