//! A region as it is kept.

use kit::ids::RegionId;
use serde::{Deserialize, Serialize};

use crate::record::Attributes;

/// A part of the cloud.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Region {
    pub(crate) id: RegionId,
    pub(crate) description: String,
    pub(crate) parent_region_id: Option<RegionId>,
    #[serde(flatten)]
    pub(crate) extra: Attributes,
}
