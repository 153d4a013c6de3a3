//! The rules of security groups.

use kit::Result;
use kit::clock::Time;
use kit::ids::{ProjectId, SecurityGroupId, SecurityGroupRuleId};
use rusqlite::Connection;

use super::model::{DEFAULT, SecurityGroup};
use super::store;
use crate::security_group_rules::model::{Direction, Ethertype, SecurityGroupRule, Traffic};
use crate::standard::Standard;

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

fn blank(now: Time, project: &ProjectId, name: &str, description: &str) -> SecurityGroup {
    SecurityGroup {
        id: SecurityGroupId::random(),
        project: project.clone(),
        name: name.to_owned(),
        description: description.to_owned(),
        stateful: true,
        is_default: false,
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
