//! A rule in Nova's old words becomes one of the network service's.

use kit::error::{Error, Result};
use network::facade::{Delegate, Kind as Thing};
use network::security_group_rules::model::SecurityGroupRule;
use rusqlite::Connection;
use serde_json::Value;

use super::translate::translate;
use crate::network_proxy::Proxy;
use crate::security_groups::logic::{Complete, exceeded, sources, uuid};

/// Adds a rule to a group.
pub(super) fn create(
    proxy: &Proxy,
    connection: &Connection,
    body: &Value,
) -> Result<Complete<SecurityGroupRule>> {
    let network = proxy.network(connection);
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    let parent = network.security_group(text("parent_group_id").unwrap_or_default())?;
    if let Some(group) = text("group_id") {
        network.security_group(group)?;
    }
    let mut given = translate(body)?;
    given.insert("security_group_id".to_owned(), Value::from(parent.id.as_str()));
    let by_group = text("group_id").is_some();
    let refused = |error: Error| match error.tag {
        // Nova looks for twins itself, but never finds those that let a group in.
        "SecurityGroupRuleExists" if !by_group => {
            Error::bad_request(format!("This rule already exists in group {}", parent.id))
        }
        _ => exceeded(error),
    };
    let made = network.create(Thing::SecurityGroupRule, given).map_err(refused)?;
    let rule = made.get("id").and_then(Value::as_str).unwrap_or_default();
    let rule = network.security_group_rule(rule)?;
    let parent = network.security_group(parent.id.as_str())?;
    Ok((rule, sources(network, &[parent])))
}

/// Takes a rule away.
pub(super) fn delete(network: Delegate<'_>, id: &str) -> Result<()> {
    network.delete(Thing::SecurityGroupRule, &uuid(id)?)
}
