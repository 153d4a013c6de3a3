//! A service of the catalogue as it is kept.

use kit::ids::ServiceId;
use serde::{Deserialize, Serialize};

use crate::record::Attributes;

/// A service. Its name and description are extra attributes, as in Keystone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CatalogService {
    pub(crate) id: ServiceId,
    /// `compute`, `image`, ….
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) enabled: bool,
    #[serde(flatten)]
    pub(crate) extra: Attributes,
}

impl CatalogService {
    /// The name, empty where it has none.
    pub(crate) fn name(&self) -> &str {
        self.extra.get("name").and_then(serde_json::Value::as_str).unwrap_or_default()
    }
}
