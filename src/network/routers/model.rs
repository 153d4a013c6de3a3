//! A router's row and what requests ask of it.

use kit::ids::{NetworkId, PortId, ProjectId, RouterId, SubnetId};
use kit::policy::{Guarded, Target};
use serde::{Deserialize, Deserializer};

use crate::ports::model::{FixedIp, WantedIp};
use crate::standard::Standard;
use crate::subnets::model::HostRoute;

/// The device owner of a router's port on a subnet.
pub(crate) const INTERFACE: &str = "network:router_interface";
/// The device owner of a router's port on its external network.
pub(crate) const GATEWAY: &str = "network:router_gateway";

/// A router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Router {
    /// Its id.
    pub id: RouterId,
    /// Who owns it.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// What its owner says of it.
    pub description: String,
    /// Whether its owner wants it to carry traffic.
    pub admin_state_up: bool,
    /// Its way out, if it has one.
    pub gateway: Option<Gateway>,
    /// Whether it lends its address to whoever goes out through it.
    pub enable_snat: bool,
    /// What is reached by a guest on one of its subnets.
    pub routes: Vec<HostRoute>,
    /// Tags, revision, times.
    pub standard: Standard,
}

/// A router's way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// Its port there.
    pub port: PortId,
    /// The external network.
    pub network: NetworkId,
    /// Its addresses there.
    pub fixed_ips: Vec<FixedIp>,
}

impl Router {
    /// With what rules may ask of it.
    pub(crate) fn guarded(self) -> Guarded<Self> {
        let target = Target::project(&self.project);
        Guarded::new(self, target)
    }
}

/// What a request says of the way out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum WantedGateway {
    /// Nothing.
    #[default]
    Unsaid,
    /// There is none.
    Absent,
    /// By this network.
    By(GatewayInfo),
}

impl<'de> Deserialize<'de> for WantedGateway {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let said = Option::<GatewayInfo>::deserialize(deserializer)?;
        Ok(said.map_or(Self::Absent, Self::By))
    }
}

/// The members of `external_gateway_info`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct GatewayInfo {
    pub(crate) network_id: NetworkId,
    /// Unsaid: it does.
    pub(crate) enable_snat: Option<bool>,
    #[serde(default)]
    pub(crate) external_fixed_ips: Vec<WantedIp>,
}

/// A router to be made.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewRouter {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) admin_state_up: Option<bool>,
    pub(crate) external_gateway_info: WantedGateway,
    pub(crate) availability_zone_hints: Vec<String>,
    pub(crate) tags: Vec<String>,
}

/// What may change of a router; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RouterChange {
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) admin_state_up: Option<bool>,
    pub(crate) external_gateway_info: WantedGateway,
    pub(crate) routes: Option<Vec<HostRoute>>,
}

/// What to join to a router, or to part from it: one of the two.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WantedInterface {
    /// The port that is to be the interface.
    pub port_id: Option<PortId>,
    /// The subnet, which gets a port for it.
    pub subnet_id: Option<SubnetId>,
}
