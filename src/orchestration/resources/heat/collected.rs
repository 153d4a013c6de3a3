//! What an agent in a server collects: the metadata of its resource with the configs that are
//! deployed to it. It is put together whenever somebody reads it, so nothing is kept twice.

use serde_json::Value;

use crate::resources::Look;
use crate::software_configs::view;
use crate::software_deployments::{logic, store};

/// The key of the metadata that Heat keeps for deployments.
const DEPLOYMENTS: &str = "deployments";

/// The metadata of a server. With `is_collector`, one that waits for deployments, they are named
/// even if there are none.
pub(in crate::resources) fn metadata(look: &Look<'_>, is_collector: bool) -> Value {
    let connection = look.hand.connection;
    let deployed = store::of_server(connection, &look.stack.project, look.physical());
    let configs = deployed.and_then(|rows| logic::configs_of(connection, rows));
    let configs: Vec<Value> = configs.unwrap_or_default().iter().map(view::detail).collect();
    let mut metadata = look.resource.metadata.clone();
    if configs.is_empty() && !is_collector {
        return metadata;
    }
    if let Value::Object(members) = &mut metadata {
        members.insert(DEPLOYMENTS.to_owned(), Value::Array(configs));
    }
    metadata
}
