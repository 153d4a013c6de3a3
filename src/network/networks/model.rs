//! A network's row and what requests ask of it.

use kit::ids::{AddressScopeId, NetworkId, ProjectId, SubnetId};
use kit::policy::{Guarded, Target};
use serde::Deserialize;

use crate::rbac_policies::model::Shares;
use crate::standard::Standard;

/// A network.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "Neutron's attributes, each by itself")]
pub struct Network {
    /// Its id.
    pub id: NetworkId,
    /// Who owns it.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// What its owner says of it.
    pub description: String,
    /// Whether its owner wants it to carry traffic.
    pub admin_state_up: bool,
    /// Whether every project may use it.
    pub shared: bool,
    /// Whether it leads outside.
    pub external: bool,
    /// Who else may use it.
    pub shares: Shares,
    /// Who may go outside by it.
    pub outside: Shares,
    /// The largest packet.
    pub mtu: i64,
    /// Whether its ports are filtered, unless they say otherwise.
    pub port_security_enabled: bool,
    /// Its subnets, the oldest first.
    pub subnets: Vec<SubnetId>,
    /// The address scope of its IPv4 subnets' pool.
    pub ipv4_address_scope: Option<AddressScopeId>,
    /// The address scope of its IPv6 subnets' pool.
    pub ipv6_address_scope: Option<AddressScopeId>,
    /// Tags, revision, times.
    pub standard: Standard,
}

impl Network {
    /// With what rules may ask of it.
    pub(crate) fn guarded(self) -> Guarded<Self> {
        let target = Target::project(&self.project);
        Guarded::new(self, target)
    }

    /// Its name on the engine.
    pub(crate) fn engine_name(id: &NetworkId) -> String {
        format!("novadock-{id}")
    }
}

/// A boolean as check strings spell it.
pub(crate) fn python(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// A network to be made.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewNetwork {
    /// Its id, where that is decided already.
    #[serde(skip)]
    pub(crate) id: Option<NetworkId>,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) admin_state_up: Option<bool>,
    pub(crate) shared: bool,
    #[serde(rename = "router:external")]
    pub(crate) external: bool,
    pub(crate) port_security_enabled: Option<bool>,
    /// 0: as much as the cloud carries.
    pub(crate) mtu: i64,
    pub(crate) availability_zone_hints: Vec<String>,
    pub(crate) tags: Vec<String>,
}

/// What may change of a network; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NetworkChange {
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) admin_state_up: Option<bool>,
    pub(crate) shared: Option<bool>,
    #[serde(rename = "router:external")]
    pub(crate) external: Option<bool>,
    pub(crate) port_security_enabled: Option<bool>,
    pub(crate) mtu: Option<i64>,
}
