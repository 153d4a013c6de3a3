//! An endpoint as it is kept.

use kit::ids::{EndpointId, RegionId, ServiceId};
use serde::{Deserialize, Serialize};

use crate::record::Attributes;

/// Where a service answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Endpoint {
    pub(crate) id: EndpointId,
    /// `public`, `internal` or `admin`.
    pub(crate) interface: String,
    pub(crate) region_id: Option<RegionId>,
    pub(crate) service_id: ServiceId,
    /// Absolute, or a path below the public URL of this installation.
    pub(crate) url: String,
    pub(crate) enabled: bool,
    #[serde(flatten)]
    pub(crate) extra: Attributes,
}
