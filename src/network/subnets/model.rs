//! A subnet's row and what requests ask of it.

use std::net::IpAddr;

use ipnet::IpNet;
use kit::ids::{NetworkId, ProjectId, SubnetId};
use kit::policy::{Guarded, Target};
use serde::{Deserialize, Serialize};

use crate::ipam::{self, Pool};
use crate::networks::model::python;
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
    /// Whether every project may use the network.
    pub network_shared: bool,
    /// Whether the network leads outside.
    pub network_external: bool,
    /// Its name.
    pub name: String,
    /// What its owner says of it.
    pub description: String,
    /// Its range.
    pub cidr: IpNet,
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
        let target = Target::project(&self.project)
            .with("network:project_id", &self.network_project)
            .with("shared", python(self.network_shared))
            .with("router:external", python(self.network_external));
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

/// A subnet to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewSubnet {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) ip_version: i64,
    pub(crate) cidr: IpNet,
    /// Outer `None`: the first address; inner `None`: no gateway.
    pub(crate) gateway_ip: Option<Option<IpAddr>>,
    /// `None`: everything but the gateway.
    pub(crate) allocation_pools: Option<Vec<Pool>>,
    pub(crate) enable_dhcp: bool,
    pub(crate) dns_nameservers: Vec<String>,
    pub(crate) host_routes: Vec<HostRoute>,
    pub(crate) ipv6_ra_mode: Option<String>,
    pub(crate) ipv6_address_mode: Option<String>,
    pub(crate) tags: Vec<String>,
}

impl NewSubnet {
    /// One of which only the range is said.
    pub(crate) fn plain(name: &str, cidr: IpNet) -> Self {
        Self {
            name: name.to_owned(),
            description: String::new(),
            ip_version: ip_version(cidr),
            cidr,
            gateway_ip: None,
            allocation_pools: None,
            enable_dhcp: true,
            dns_nameservers: Vec::new(),
            host_routes: Vec::new(),
            ipv6_ra_mode: None,
            ipv6_address_mode: None,
            tags: Vec::new(),
        }
    }
}
