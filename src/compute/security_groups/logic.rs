//! What the proxy asks of the network service, and Nova's words for its refusals
//! (`nova/network/security_group_api.py`).

use std::collections::BTreeMap;

use kit::Kind;
use kit::error::{Error, Result};
use kit::ids::{ProjectId, SecurityGroupId, is_uuid_like};
use network::facade::{Delegate, Kind as Thing};
use network::security_groups::model::SecurityGroup;
use serde_json::{Map, Value};

/// Name and owner of the groups that rules let in.
pub(crate) type Sources = BTreeMap<SecurityGroupId, (String, ProjectId)>;

/// A group and what its rules name.
pub(crate) type Complete<T> = (T, Sources);

/// The group of this id.
pub(crate) fn get(network: Delegate<'_>, id: &str) -> Result<Complete<SecurityGroup>> {
    let group = network.security_group(&uuid(id)?)?;
    let sources = sources(network, std::slice::from_ref(&group));
    Ok((group, sources))
}

/// Some of the groups of the project, or of all projects.
pub(crate) fn list(
    network: Delegate<'_>,
    all: bool,
    offset: usize,
    limit: usize,
) -> Result<Complete<Vec<SecurityGroup>>> {
    let groups: Vec<SecurityGroup> =
        network.security_groups(all)?.into_iter().skip(offset).take(limit).collect();
    let sources = sources(network, &groups);
    Ok((groups, sources))
}

/// Makes a group of the project.
pub(crate) fn create(
    network: Delegate<'_>,
    given: Map<String, Value>,
) -> Result<Complete<SecurityGroup>> {
    let made = network.create(Thing::SecurityGroup, given).map_err(exceeded)?;
    get(network, made.get("id").and_then(Value::as_str).unwrap_or_default())
}

/// Changes name and description of a group.
pub(crate) fn update(
    network: Delegate<'_>,
    id: &str,
    given: Map<String, Value>,
) -> Result<Complete<SecurityGroup>> {
    network.update(Thing::SecurityGroup, &uuid(id)?, given).map_err(invalid)?;
    get(network, id)
}

/// Removes a group that nothing is in.
pub(crate) fn delete(network: Delegate<'_>, id: &str) -> Result<()> {
    network.delete(Thing::SecurityGroup, &uuid(id)?).map_err(invalid)
}

/// The groups that the rules of these let in, as far as the caller sees them.
pub(crate) fn sources(network: Delegate<'_>, groups: &[SecurityGroup]) -> Sources {
    let described = |group: &SecurityGroup| (group.name.clone(), group.project.clone());
    let mut sources: Sources =
        groups.iter().map(|group| (group.id.clone(), described(group))).collect();
    let rules = groups.iter().flat_map(|group| &group.rules);
    for id in rules.filter_map(|rule| rule.traffic.remote_group.as_ref()) {
        if !sources.contains_key(id)
            && let Ok(group) = network.security_group(id.as_str())
        {
            sources.insert(id.clone(), described(&group));
        }
    }
    sources
}

/// Nova's check of an id, before it asks for it.
pub(crate) fn uuid(id: &str) -> Result<String> {
    if is_uuid_like(id) {
        return Ok(id.to_owned());
    }
    Err(Error::bad_request("Security group id should be uuid"))
}

/// The network service's conflicts when something is removed or changed are bad input to Nova.
fn invalid(error: Error) -> Error {
    if error.kind == Kind::Conflict { Error::bad_request(error.public) } else { error }
}

/// Whatever else does not let a thing be made is a limit to Nova.
pub(crate) fn exceeded(error: Error) -> Error {
    if error.kind == Kind::Conflict { Error::quota(error.public) } else { error }
}
