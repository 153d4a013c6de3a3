//! A subnet's row and what requests ask of it.

use std::net::IpAddr;

use ipnet::IpNet;
use kit::ids::{NetworkId, ProjectId, SubnetId, SubnetPoolId};
use kit::policy::{Guarded, Target};
use serde::{Deserialize, Serialize};

use crate::ipam::{self, Pool};
use crate::rbac_policies::model::Shares;
use crate::standard::Standard;

/// A route that guests are told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostRoute {
    /// Where to.
    pub destination: String,
    /// Through whom.
    pub nexthop: String,
}

/// A subnet, with what its network says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subnet {
    /// Its id.
    pub id: SubnetId,
    /// Who owns it.
    pub project: ProjectId,
    /// The network it belongs to.
    pub network: NetworkId,
    /// Who owns the network.
    pub network_project: ProjectId,
    /// Who else may use the network.
    pub network_shares: Shares,
    /// Who may go outside by the network.
    pub network_outside: Shares,
    /// Whether the network leads outside.
    pub network_external: bool,
    /// Its name.
    pub name: String,
    /// What its owner says of it.
    pub description: String,
    /// Its range.
    pub cidr: IpNet,
    /// The pool that its range was cut from.
    pub pool: Option<SubnetPoolId>,
    /// The way out, if there is one.
    pub gateway_ip: Option<IpAddr>,
    /// Whether guests are told their addresses.
    pub enable_dhcp: bool,
    /// What ports may get.
    pub allocation_pools: Vec<Pool>,
    /// Name servers that guests are told of.
    pub dns_nameservers: Vec<String>,
    /// Routes that guests are told of.
    pub host_routes: Vec<HostRoute>,
    /// Who announces routes in IPv6.
    pub ipv6_ra_mode: Option<String>,
    /// How guests get their IPv6 addresses.
    pub ipv6_address_mode: Option<String>,
    /// Tags, revision, times.
    pub standard: Standard,
}

impl Subnet {
    /// With what rules may ask of it.
    pub(crate) fn guarded(self) -> Guarded<Self> {
        let target =
            Target::project(&self.project).with("network:project_id", &self.network_project);
        Guarded::new(self, target)
    }

    /// The address of the engine's bridge: the gateway or, where there is none, the first one,
    /// because an engine takes an address in any case. **Invariant:** no port ever gets it.
    pub(crate) fn engine_address(&self) -> IpAddr {
        self.gateway_ip.unwrap_or_else(|| ipam::default_gateway(self.cidr))
    }

    /// 4 or 6.
    pub(crate) fn ip_version(&self) -> i64 {
        ip_version(self.cidr)
    }
}

/// 4 or 6.
pub(crate) fn ip_version(cidr: IpNet) -> i64 {
    match cidr {
        IpNet::V4(_) => 4,
        IpNet::V6(_) => 6,
    }
}

/// What a request says of the gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Option<IpAddr>")]
pub(crate) enum WantedGateway {
    /// Nothing: the first address of a new subnet, no change of an old one.
    #[default]
    Unsaid,
    /// `null`: there is none.
    Absent,
    /// This one.
    At(IpAddr),
}

impl From<Option<IpAddr>> for WantedGateway {
    fn from(said: Option<IpAddr>) -> Self {
        said.map_or(Self::Absent, Self::At)
    }
}

impl WantedGateway {
    /// The gateway, where nothing was said `otherwise`.
    pub(crate) fn or(self, otherwise: Option<IpAddr>) -> Option<IpAddr> {
        match self {
            Self::Unsaid => otherwise,
            Self::Absent => None,
            Self::At(address) => Some(address),
        }
    }
}

/// A subnet to be made.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct NewSubnet {
    pub(crate) network_id: NetworkId,
    pub(crate) ip_version: i64,
    #[serde(default)]
    pub(crate) cidr: Option<IpNet>,
    /// How long its prefix is to be, where a pool decides on the range.
    #[serde(default)]
    pub(crate) prefixlen: Option<i64>,
    #[serde(default)]
    pub(crate) subnetpool_id: Option<SubnetPoolId>,
    #[serde(default)]
    pub(crate) use_default_subnetpool: bool,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) gateway_ip: WantedGateway,
    /// `None`: everything but the gateway.
    #[serde(default)]
    pub(crate) allocation_pools: Option<Vec<Pool>>,
    #[serde(default)]
    pub(crate) enable_dhcp: Option<bool>,
    #[serde(default)]
    pub(crate) dns_nameservers: Vec<String>,
    #[serde(default)]
    pub(crate) host_routes: Vec<HostRoute>,
    #[serde(default)]
    pub(crate) ipv6_ra_mode: Option<String>,
    #[serde(default)]
    pub(crate) ipv6_address_mode: Option<String>,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
}

impl NewSubnet {
    /// One of which only the range is said.
    pub(crate) fn plain(network: &NetworkId, name: &str, cidr: IpNet) -> Self {
        Self {
            network_id: network.clone(),
            ip_version: ip_version(cidr),
            cidr: Some(cidr),
            prefixlen: None,
            subnetpool_id: None,
            use_default_subnetpool: false,
            name: name.to_owned(),
            description: String::new(),
            gateway_ip: WantedGateway::Unsaid,
            allocation_pools: None,
            enable_dhcp: None,
            dns_nameservers: Vec::new(),
            host_routes: Vec::new(),
            ipv6_ra_mode: None,
            ipv6_address_mode: None,
            tags: Vec::new(),
        }
    }
}

/// What may change of a subnet; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SubnetChange {
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) gateway_ip: WantedGateway,
    pub(crate) allocation_pools: Option<Vec<Pool>>,
    pub(crate) enable_dhcp: Option<bool>,
    pub(crate) dns_nameservers: Option<Vec<String>>,
    pub(crate) host_routes: Option<Vec<HostRoute>>,
}
