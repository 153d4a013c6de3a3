//! What the API shows of an export: all of it.

use kit::error::Result;
use serde_json::Value;

use super::model::Export;

/// The whole of it.
pub(super) fn export(exported: &Export) -> Result<Value> {
    Ok(serde_json::to_value(exported)?)
}
