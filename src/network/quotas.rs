//! The counted resources: a row each.

pub(crate) mod api;

use kit::ids::{ProjectId, UserId};
use kit::quota::{Owner, Resource};
use kit::{Platform, Result};
use rusqlite::Connection;

use crate::{
    errors, floating_ips, networks, ports, rbac_policies, routers, security_group_rules,
    security_groups, subnetpools, subnets,
};

/// Every resource that has a limit.
pub(crate) static ALL: &[Resource] = &[
    Resource {
        service: "network",
        name: "network",
        owner: Owner::Project,
        count: Some(|connection, project, _| networks::store::count(connection, project)),
    },
    Resource {
        service: "network",
        name: "subnet",
        owner: Owner::Project,
        count: Some(|connection, project, _| subnets::store::count(connection, project)),
    },
    Resource {
        service: "network",
        name: "subnetpool",
        owner: Owner::Project,
        count: Some(|connection, project, _| subnetpools::store::count(connection, project)),
    },
    Resource {
        service: "network",
        name: "port",
        owner: Owner::Project,
        count: Some(|connection, project, _| ports::store::count(connection, project)),
    },
    Resource {
        service: "network",
        name: "router",
        owner: Owner::Project,
        count: Some(|connection, project, _| routers::store::count(connection, project)),
    },
    // Of one router: Neutron counts none of those of a project.
    Resource {
        service: "network",
        name: "router_route",
        owner: Owner::Project,
        count: Some(|_, _, _| Ok(0)),
    },
    Resource {
        service: "network",
        name: "floatingip",
        owner: Owner::Project,
        count: Some(|connection, project, _| floating_ips::store::count(connection, project)),
    },
    Resource {
        service: "network",
        name: "rbac_policy",
        owner: Owner::Project,
        count: Some(|connection, project, _| rbac_policies::store::count(connection, project)),
    },
    Resource {
        service: "network",
        name: "security_group",
        owner: Owner::Project,
        count: Some(|connection, project, _| security_groups::store::count(connection, project)),
    },
    Resource {
        service: "network",
        name: "security_group_rule",
        owner: Owner::Project,
        count: Some(|connection, project, _| {
            security_group_rules::store::count(connection, project)
        }),
    },
];

/// Refuses what would pass a limit of the project. Call it inside the write, before the insert.
pub(crate) fn check(
    platform: &Platform,
    connection: &Connection,
    project: &ProjectId,
    deltas: &[(&'static str, i64)],
) -> Result<()> {
    // Neutron's limits are all a project's own.
    let nobody = UserId::from("");
    let exceeded = platform.quotas.check(connection, project, &nobody, deltas)?;
    if exceeded.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = exceeded.iter().map(|row| row.name).collect();
    Err(errors::over_quota(&names))
}

/// The names of all resources with a limit.
pub(crate) fn names() -> Vec<&'static str> {
    ALL.iter().map(|resource| resource.name).collect()
}
