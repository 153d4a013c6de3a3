//! The rules of server groups: check, decide, write.

use kit::error::{Error, Result};
use kit::ids::{ServerGroupId, ServerId};
use kit::quota::Quotas;
use rusqlite::Connection;

use super::model::{GroupPolicy, ServerGroup};
use super::store;
use crate::placement::Request;

/// Nova's sentence for a group that is not there.
pub(crate) fn not_found(id: &ServerGroupId) -> Error {
    Error::not_found(format!("Instance group {id} could not be found."))
}

/// Adds a group, within the project's quota.
pub(crate) fn create(connection: &Connection, quotas: &Quotas, group: &ServerGroup) -> Result<()> {
    let deltas = [("server_groups", 1)];
    if !quotas.check(connection, &group.project, &group.user, &deltas)?.is_empty() {
        return Err(Error::quota("Quota exceeded, too many server groups."));
    }
    if group.policy != GroupPolicy::AntiAffinity && group.max_server_per_host.is_some() {
        return Err(Error::bad_request("Only anti-affinity policy supports rules."));
    }
    store::insert(connection, group)
}

/// Removes a group.
pub(crate) fn delete(connection: &Connection, id: &ServerGroupId) -> Result<()> {
    if store::delete(connection, id)? { Ok(()) } else { Err(not_found(id)) }
}

/// Puts new servers into a group, within its quota. Call it inside the write that inserts them.
pub(crate) fn join(
    connection: &Connection,
    quotas: &Quotas,
    id: &ServerGroupId,
    servers: &[ServerId],
) -> Result<()> {
    let group = store::get_for_system(connection, id)?.ok_or_else(|| not_found(id))?;
    let limit = quotas.limit(connection, &group.project, "server_group_members")?;
    let members = i64::try_from(group.members.len() + servers.len()).unwrap_or(i64::MAX);
    if limit >= 0 && members > limit {
        return Err(Error::quota("Quota exceeded, too many servers in group"));
    }
    servers.iter().try_for_each(|server| store::insert_member(connection, id, server))
}

/// Adds to `request` what the server's group wants. The soft policies rule nothing out, and with
/// the hosts of one machine they have nothing to weigh either.
pub(crate) fn constrain(
    connection: &Connection,
    server: &ServerId,
    request: &mut Request,
) -> Result<()> {
    let Some(id) = store::group_of(connection, server)? else {
        return Ok(());
    };
    let Some(group) = store::get_for_system(connection, &id)? else {
        return Ok(());
    };
    let hosts = store::hosts(connection, &id)?;
    match group.policy {
        GroupPolicy::Affinity => request.together_with = hosts,
        GroupPolicy::AntiAffinity => {
            request.full_hosts = full(&hosts, group.max_server_per_host.unwrap_or(1));
        }
        GroupPolicy::SoftAffinity | GroupPolicy::SoftAntiAffinity => {}
    }
    Ok(())
}

/// The hosts that are named `most` times or more.
fn full(hosts: &[String], most: i64) -> Vec<String> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let times = |host: &&String| hosts.iter().filter(|other| other == host).count();
    hosts.iter().filter(|host| times(host) >= most).cloned().collect()
}
