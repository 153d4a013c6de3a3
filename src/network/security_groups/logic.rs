//! The rules of security groups.

use kit::Result;
use kit::clock::Time;
use kit::ids::{ProjectId, SecurityGroupId, SecurityGroupRuleId};
use rusqlite::Connection;

use super::model::{DEFAULT, GroupChange, NewGroup, SecurityGroup};
use super::store;
use crate::rbac_policies::model::Shares;
use crate::security_group_rules::model::{Direction, Ethertype, SecurityGroupRule, Traffic};
use crate::standard::Standard;
use crate::{errors, rbac_policies};

/// The default group of a project, made when it is not there yet.
pub(crate) fn ensure_default(
    connection: &Connection,
    now: Time,
    project: &ProjectId,
) -> Result<SecurityGroupId> {
    if let Some(id) = store::default_of(connection, project)? {
        return Ok(id);
    }
    let mut group = blank(now, project, DEFAULT, "Default security group");
    group.is_default = true;
    for ethertype in Ethertype::ALL.iter().copied() {
        let mut from_members = Traffic::all(Direction::Ingress, ethertype);
        from_members.remote_group = Some(group.id.clone());
        push_rule(&mut group, now, from_members);
        push_rule(&mut group, now, Traffic::all(Direction::Egress, ethertype));
    }
    store::insert(connection, &group)?;
    Ok(group.id)
}

/// How many rules a new group has.
pub(crate) const FIRST_RULES: i64 = 2;

/// Makes a group that lets everything out. Quotas are the caller's business.
pub(crate) fn create(
    connection: &Connection,
    now: Time,
    project: &ProjectId,
    new: NewGroup,
) -> Result<SecurityGroup> {
    let mut group = blank(now, project, &new.name, &new.description);
    group.stateful = new.stateful.unwrap_or(true);
    group.standard.tags = new.tags;
    for ethertype in Ethertype::ALL.iter().copied() {
        push_rule(&mut group, now, Traffic::all(Direction::Egress, ethertype));
    }
    store::insert(connection, &group)?;
    Ok(group)
}

/// Changes a group; the default group keeps its name.
pub(crate) fn update(
    connection: &Connection,
    now: Time,
    group: SecurityGroup,
    change: GroupChange,
) -> Result<()> {
    if group.is_default && change.name.is_some() {
        return Err(errors::cannot_update_default());
    }
    let stateful = change.stateful.unwrap_or(group.stateful);
    if stateful != group.stateful && store::in_use(connection, &group.id)? {
        return Err(errors::security_group_in_use(&group.id));
    }
    let changed = SecurityGroup {
        name: change.name.unwrap_or(group.name),
        description: change.description.unwrap_or(group.description),
        stateful,
        ..group
    };
    store::update(connection, &changed, now)
}

/// Deletes a group that no port is in. A default group goes only by an administrator's hand, and
/// comes back with the next look.
pub(crate) fn delete(connection: &Connection, group: &SecurityGroup, admin: bool) -> Result<()> {
    if store::in_use(connection, &group.id)? {
        return Err(errors::security_group_in_use(&group.id));
    }
    if group.is_default && !admin {
        return Err(errors::cannot_remove_default());
    }
    rbac_policies::store::forget(connection, group.id.as_str())?;
    store::delete(connection, &group.id)
}

fn blank(now: Time, project: &ProjectId, name: &str, description: &str) -> SecurityGroup {
    SecurityGroup {
        id: SecurityGroupId::random(),
        project: project.clone(),
        name: name.to_owned(),
        description: description.to_owned(),
        stateful: true,
        is_default: false,
        shares: Shares::default(),
        rules: Vec::new(),
        standard: Standard::new(now, 1),
    }
}

fn push_rule(group: &mut SecurityGroup, now: Time, traffic: Traffic) {
    group.rules.push(SecurityGroupRule {
        id: SecurityGroupRuleId::random(),
        project: group.project.clone(),
        security_group: group.id.clone(),
        of_default_group: group.is_default,
        traffic,
        description: None,
        revision: 0,
        created_at: now,
        updated_at: now,
    });
}
