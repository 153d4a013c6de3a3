//! A network's row and what requests ask of it.

use kit::ids::{NetworkId, ProjectId, SubnetId};
use kit::policy::{Guarded, Target};

use crate::standard::Standard;

/// A network.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The largest packet.
    pub mtu: i64,
    /// Its subnets, the oldest first.
    pub subnets: Vec<SubnetId>,
    /// Tags, revision, times.
    pub standard: Standard,
}

impl Network {
    /// With what rules may ask of it.
    pub(crate) fn guarded(self) -> Guarded<Self> {
        let target = Target::project(&self.project)
            .with("shared", python(self.shared))
            .with("router:external", python(self.external));
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
