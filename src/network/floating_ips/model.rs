//! A floating IP's row and what requests ask of it.

use std::net::IpAddr;

use kit::ids::{FloatingIpId, NetworkId, PortId, ProjectId, RouterId, SubnetId};
use kit::policy::{Guarded, Target};
use kit::text_enum;
use serde::{Deserialize, Deserializer};

use crate::port_forwardings::model::PortForwarding;
use crate::standard::Standard;

/// The device owner of the port that holds the address.
pub(crate) const HOLDER: &str = "network:floatingip";

text_enum! {
    /// Whether a floating IP leads anywhere.
    pub enum FloatingIpStatus {
        /// Whoever speaks to it reaches the port.
        Active = "ACTIVE",
        /// Nobody is there.
        Down = "DOWN",
    }
}

/// Where a floating IP leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Association {
    /// The port.
    pub port: PortId,
    /// The address of the port that is meant.
    pub fixed_address: IpAddr,
    /// The router between.
    pub router: RouterId,
}

/// A floating IP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FloatingIp {
    /// Its id.
    pub id: FloatingIpId,
    /// Who owns it.
    pub project: ProjectId,
    /// What its owner says of it.
    pub description: String,
    /// The external network.
    pub network: NetworkId,
    /// The port that holds the address.
    pub own_port: PortId,
    /// The address.
    pub address: IpAddr,
    /// Where it leads.
    pub association: Option<Association>,
    /// The router through which some of its ports lead, if it leads nowhere as a whole.
    pub forwards_by: Option<RouterId>,
    /// Those ports.
    pub(crate) forwardings: Vec<PortForwarding>,
    /// Whether it does.
    pub status: FloatingIpStatus,
    /// Tags, revision, times.
    pub standard: Standard,
}

impl FloatingIp {
    /// The router between it and where it leads.
    pub(crate) fn router(&self) -> Option<&RouterId> {
        self.association.as_ref().map(|to| &to.router).or(self.forwards_by.as_ref())
    }

    /// With what rules may ask of it.
    pub(crate) fn guarded(self) -> Guarded<Self> {
        let target = Target::project(&self.project);
        Guarded::new(self, target)
    }
}

/// What a request says of the port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum WantedPort {
    /// Nothing.
    #[default]
    Unsaid,
    /// There is none.
    Absent,
    /// This one.
    This(PortId),
}

impl<'de> Deserialize<'de> for WantedPort {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let said = Option::<PortId>::deserialize(deserializer)?;
        Ok(said.map_or(Self::Absent, Self::This))
    }
}

/// A floating IP to be made.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct NewFloatingIp {
    pub(crate) floating_network_id: NetworkId,
    pub(crate) floating_ip_address: Option<IpAddr>,
    pub(crate) subnet_id: Option<SubnetId>,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    #[serde(flatten)]
    pub(crate) target: WantedTarget,
}

/// What may change of a floating IP; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct FloatingIpChange {
    pub(crate) description: Option<String>,
    #[serde(flatten)]
    pub(crate) target: WantedTarget,
}

impl FloatingIpChange {
    /// It shall lead nowhere.
    pub(crate) fn nowhere() -> Self {
        let target = WantedTarget { port_id: WantedPort::Absent, ..WantedTarget::default() };
        Self { target, ..Self::default() }
    }
}

/// Where a floating IP shall lead.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WantedTarget {
    pub(crate) port_id: WantedPort,
    pub(crate) fixed_ip_address: Option<IpAddr>,
}
