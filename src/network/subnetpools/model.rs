//! A subnet pool's row and what requests ask of it.

use ipnet::IpNet;
use kit::ids::{AddressScopeId, ProjectId, SubnetPoolId};
use kit::policy::{Guarded, Target};
use serde::Deserialize;

use crate::rbac_policies::model::Shares;
use crate::standard::Standard;

/// A subnet pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubnetPool {
    /// Its id.
    pub id: SubnetPoolId,
    /// Who owns it.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// What its owner says of it.
    pub description: String,
    /// Its ranges, ordered, none touching another.
    pub prefixes: Vec<IpNet>,
    /// How large its subnets may be.
    pub bounds: Bounds,
    /// How many addresses (of IPv6: ranges of 64 bits) a project may have of it.
    pub default_quota: Option<i64>,
    /// The scope it is in.
    pub address_scope: Option<AddressScopeId>,
    /// Whether subnets are cut from it that name no pool.
    pub is_default: bool,
    /// Who else may use it.
    pub shares: Shares,
    /// Tags, revision, times.
    pub standard: Standard,
}

/// The lengths of the prefixes of a pool's subnets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The shortest: the largest subnet.
    pub min: i64,
    /// The longest: the smallest subnet.
    pub max: i64,
    /// That of a subnet which names none.
    pub default: i64,
}

impl SubnetPool {
    /// With what rules may ask of it.
    pub(crate) fn guarded(self) -> Guarded<Self> {
        let target = Target::project(&self.project);
        Guarded::new(self, target)
    }

    /// 4 or 6.
    pub(crate) fn ip_version(&self) -> i64 {
        self.prefixes.first().map_or(4, |prefix| crate::subnets::model::ip_version(*prefix))
    }
}

/// A pool to be made.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct NewSubnetPool {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: String,
    pub(crate) prefixes: Vec<IpNet>,
    #[serde(flatten)]
    pub(crate) bounds: WantedBounds,
    #[serde(default)]
    pub(crate) default_quota: Option<i64>,
    #[serde(default)]
    pub(crate) address_scope_id: Option<AddressScopeId>,
    #[serde(default)]
    pub(crate) is_default: bool,
    #[serde(default)]
    pub(crate) shared: bool,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
}

/// What a request says of [`Bounds`].
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(crate) struct WantedBounds {
    #[serde(rename = "min_prefixlen")]
    pub(crate) min: Option<i64>,
    #[serde(rename = "max_prefixlen")]
    pub(crate) max: Option<i64>,
    #[serde(rename = "default_prefixlen")]
    pub(crate) default: Option<i64>,
}

/// What a request says of the scope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Option<AddressScopeId>")]
pub(crate) enum WantedScope {
    /// Nothing: no change.
    #[default]
    Unsaid,
    /// `null`: none.
    Outside,
    /// This one.
    Inside(AddressScopeId),
}

impl From<Option<AddressScopeId>> for WantedScope {
    fn from(said: Option<AddressScopeId>) -> Self {
        said.map_or(Self::Outside, Self::Inside)
    }
}

/// What may change of a pool; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SubnetPoolChange {
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) prefixes: Option<Vec<IpNet>>,
    #[serde(flatten)]
    pub(crate) bounds: WantedBounds,
    pub(crate) default_quota: Option<i64>,
    pub(crate) address_scope_id: WantedScope,
    pub(crate) is_default: Option<bool>,
}
