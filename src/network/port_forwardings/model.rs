//! A port forwarding's row and what requests ask of it.

use std::net::Ipv4Addr;

use kit::engine::{PortRange, Protocol as EngineProtocol};
use kit::ids::{FloatingIpId, PortForwardingId, PortId, ProjectId};
use kit::policy::{Guarded, Target};
use kit::text_enum;
use serde::{Deserialize, Deserializer};

text_enum! {
    /// What forwarded ports speak.
    pub enum Protocol {
        /// TCP.
        Tcp = "tcp",
        /// UDP.
        Udp = "udp",
    }
}

impl From<Protocol> for EngineProtocol {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Tcp => Self::Tcp,
            Protocol::Udp => Self::Udp,
        }
    }
}

/// Ports of a floating IP that lead to ports of a guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PortForwarding {
    pub(crate) id: PortForwardingId,
    pub(crate) floating_ip: FloatingIpId,
    pub(crate) description: String,
    /// Where it leads.
    pub(crate) inside: Inside,
    /// The floating IP's ports.
    pub(crate) external: PortRange,
    /// Counts the changes.
    pub(crate) revision: i64,
}

/// Ports of a guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inside {
    /// The guest's interface.
    pub(crate) port: PortId,
    /// Which of its addresses.
    pub(crate) address: Ipv4Addr,
    pub(crate) protocol: Protocol,
    pub(crate) ports: PortRange,
}

impl PortForwarding {
    /// With what rules may ask of it: whom the floating IP belongs to.
    pub(crate) fn guarded(self, owner: &ProjectId) -> Guarded<Self> {
        Guarded::new(self, target(owner))
    }
}

/// What rules may ask of a port forwarding of this project's floating IP.
pub(crate) fn target(owner: &ProjectId) -> Target {
    Target::project(owner).with("ext_parent:tenant_id", owner)
}

/// A port forwarding to be made.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct NewPortForwarding {
    pub(crate) floatingip_id: FloatingIpId,
    #[serde(default)]
    pub(crate) description: String,
    pub(crate) protocol: Protocol,
    pub(crate) internal_port_id: PortId,
    pub(crate) internal_ip_address: Ipv4Addr,
    #[serde(flatten)]
    pub(crate) ports: WantedPorts,
}

/// What may change of a port forwarding; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PortForwardingChange {
    pub(crate) description: Option<String>,
    pub(crate) protocol: Option<Protocol>,
    pub(crate) internal_port_id: Option<PortId>,
    pub(crate) internal_ip_address: Option<Ipv4Addr>,
    #[serde(flatten)]
    pub(crate) ports: WantedPorts,
}

/// The ports that a request names: a range counts before a port.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WantedPorts {
    external_port: Option<u16>,
    #[serde(deserialize_with = "range")]
    external_port_range: Option<PortRange>,
    internal_port: Option<u16>,
    #[serde(deserialize_with = "range")]
    internal_port_range: Option<PortRange>,
}

impl WantedPorts {
    pub(crate) fn external(&self) -> Option<PortRange> {
        self.external_port_range.or(self.external_port.map(PortRange::from))
    }

    pub(crate) fn internal(&self) -> Option<PortRange> {
        self.internal_port_range.or(self.internal_port.map(PortRange::from))
    }
}

/// `80:90`, or `80`.
pub(crate) fn parse_range(text: &str) -> Option<PortRange> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    Some(PortRange { first: first.parse().ok()?, last: last.parse().ok()? })
}

fn range<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PortRange>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.as_deref().and_then(parse_range))
}
