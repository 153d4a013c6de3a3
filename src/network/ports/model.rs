//! A port's row and what requests ask of it.

use std::net::IpAddr;

use ipnet::IpNet;
use kit::ids::{NetworkId, PortId, ProjectId, SecurityGroupId, SubnetId};
use kit::policy::{Guarded, Target};
use kit::text_enum;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::networks::model::python;
use crate::standard::Standard;

text_enum! {
    /// Whether a port carries traffic.
    pub enum PortStatus {
        /// A guest runs behind it.
        Active = "ACTIVE",
        /// Nobody is there.
        Down = "DOWN",
    }
}

/// One address of a port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedIp {
    /// The subnet it is of.
    pub subnet_id: SubnetId,
    /// The address.
    pub ip_address: IpAddr,
}

/// What a port has that no other has; can be kept while it stands in for another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its MAC.
    pub(crate) mac: String,
    /// Its addresses.
    pub(crate) fixed_ips: Vec<FixedIp>,
}

/// What a request wants for one address: any of a subnet, this one, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct WantedIp {
    /// Of this subnet.
    pub subnet_id: Option<SubnetId>,
    /// This very one.
    pub ip_address: Option<IpAddr>,
}

/// An address beside its own that a port may send from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressPair {
    /// From this MAC.
    pub mac_address: String,
    /// An address, or a range of them, as it was written.
    pub ip_address: String,
}

impl AddressPair {
    /// Its addresses; `None` where they can't be read.
    pub(crate) fn range(&self) -> Option<IpNet> {
        let alone = || self.ip_address.parse().ok().map(|address: IpAddr| address.into());
        self.ip_address.parse().ok().map(|range: IpNet| range.trunc()).or_else(alone)
    }
}

/// The same as it is asked for: without a MAC, the port's is meant.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct WantedPair {
    pub(crate) mac_address: Option<String>,
    pub(crate) ip_address: String,
}

/// A port, with what its network says of it.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "Neutron's attributes, each by itself")]
pub struct Port {
    /// Its id.
    pub id: PortId,
    /// Who owns it.
    pub project: ProjectId,
    /// The network it is on.
    pub network: NetworkId,
    /// Who owns the network.
    pub network_project: ProjectId,
    /// Whether every project may use the network.
    pub network_shared: bool,
    /// Its name.
    pub name: String,
    /// What its owner says of it.
    pub description: String,
    /// Its MAC.
    pub mac: String,
    /// Whether its owner wants it to carry traffic.
    pub admin_state_up: bool,
    /// Whether it does.
    pub status: PortStatus,
    /// The server, or another device; may be empty.
    pub device_id: String,
    /// What kind of device: `compute:nova`, ….
    pub device_owner: String,
    /// The host it is bound to; may be empty.
    pub host: String,
    /// What kind of interface it wants to be.
    pub vnic_type: String,
    /// What the binder noted.
    pub profile: Map<String, Value>,
    /// Made for a server, and deleted with it.
    pub made_by_compute: bool,
    /// Which interface of its server, from 0.
    pub nic: i64,
    /// The server's name for the interface.
    pub device_tag: Option<String>,
    /// Its addresses.
    pub fixed_ips: Vec<FixedIp>,
    /// The security groups it is in.
    pub security_groups: Vec<SecurityGroupId>,
    /// What it may send from besides.
    pub allowed_address_pairs: Vec<AddressPair>,
    /// Whether it is filtered: what its groups let through, from its own addresses.
    pub port_security_enabled: bool,
    /// Tags, revision, times.
    pub standard: Standard,
}

impl Port {
    /// Whether it carries traffic as far as anybody is told: one that is down does not, whoever is
    /// behind it.
    pub fn shown_status(&self) -> PortStatus {
        if self.admin_state_up { self.status } else { PortStatus::Down }
    }

    /// With what rules may ask of it.
    pub(crate) fn guarded(self) -> Guarded<Self> {
        let target = Target::project(&self.project)
            .with("network:project_id", &self.network_project)
            .with("shared", python(self.network_shared))
            .with("device_owner", &self.device_owner);
        Guarded::new(self, target)
    }
}

/// A port to be made.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(crate) struct NewPort {
    pub(crate) network_id: NetworkId,
    pub(crate) name: String,
    pub(crate) description: String,
    /// `None`: any that is free.
    #[serde(rename = "mac_address")]
    pub(crate) mac: Option<String>,
    pub(crate) admin_state_up: bool,
    pub(crate) device_id: String,
    pub(crate) device_owner: String,
    #[serde(rename = "binding:host_id")]
    pub(crate) host: String,
    #[serde(rename = "binding:vnic_type")]
    pub(crate) vnic_type: String,
    #[serde(rename = "binding:profile")]
    pub(crate) profile: Map<String, Value>,
    /// `None`: one of each IP version that the network has.
    pub(crate) fixed_ips: Option<Vec<WantedIp>>,
    /// `None`: the project's default group.
    pub(crate) security_groups: Option<Vec<SecurityGroupId>>,
    pub(crate) allowed_address_pairs: Vec<WantedPair>,
    /// `None`: as its network says.
    pub(crate) port_security_enabled: Option<bool>,
    pub(crate) tags: Vec<String>,
    /// What only compute says.
    #[serde(skip)]
    pub(crate) for_server: ForServer,
}

/// What compute says of the ports it makes.
#[derive(Clone, Debug, Default)]
pub(crate) struct ForServer {
    /// The port goes with the server.
    pub(crate) made_by_compute: bool,
    /// Which interface, from 0.
    pub(crate) nic: i64,
    /// The server's name for the interface.
    pub(crate) device_tag: Option<String>,
}

impl Default for NewPort {
    fn default() -> Self {
        Self {
            network_id: NetworkId::from(""),
            name: String::new(),
            description: String::new(),
            mac: None,
            admin_state_up: true,
            device_id: String::new(),
            device_owner: String::new(),
            host: String::new(),
            vnic_type: "normal".to_owned(),
            profile: Map::new(),
            fixed_ips: None,
            security_groups: None,
            allowed_address_pairs: Vec::new(),
            port_security_enabled: None,
            tags: Vec::new(),
            for_server: ForServer::default(),
        }
    }
}

/// What may change of a port; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PortChange {
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    #[serde(rename = "mac_address")]
    pub(crate) mac: Option<String>,
    pub(crate) admin_state_up: Option<bool>,
    pub(crate) device_id: Option<String>,
    pub(crate) device_owner: Option<String>,
    #[serde(rename = "binding:host_id")]
    pub(crate) host: Option<String>,
    #[serde(rename = "binding:vnic_type")]
    pub(crate) vnic_type: Option<String>,
    #[serde(rename = "binding:profile")]
    pub(crate) profile: Option<Map<String, Value>>,
    pub(crate) fixed_ips: Option<Vec<WantedIp>>,
    pub(crate) security_groups: Option<Vec<SecurityGroupId>>,
    pub(crate) allowed_address_pairs: Option<Vec<WantedPair>>,
    pub(crate) port_security_enabled: Option<bool>,
}
