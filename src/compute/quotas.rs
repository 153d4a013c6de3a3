//! The counted resources of compute.

use kit::quota::{Count, Owner, Resource};

use crate::{keypairs, server_groups, servers};

/// One row per resource; `quota_sets/view.rs` says when each is shown. Nova kept the limits of
/// the network in its lists, long after it had ceased to count them.
pub static ALL: &[Resource] = &[
    // servers
    of_project("instances", Some(servers::store::count)),
    of_project("cores", Some(servers::store::sum_vcpus)),
    of_project("ram", Some(servers::store::sum_ram_mb)),
    of_project("metadata_items", None),
    of_project("injected_files", None),
    of_project("injected_file_content_bytes", None),
    of_project("injected_file_path_bytes", None),
    // keypairs
    Resource {
        service: "compute",
        name: "key_pairs",
        owner: Owner::User,
        count: Some(|connection, _, user| keypairs::store::count(connection, user)),
    },
    // server groups
    of_project("server_groups", Some(server_groups::store::count)),
    of_project("server_group_members", None),
    // network, as it was
    of_project("fixed_ips", None),
    of_project("floating_ips", None),
    of_project("security_groups", None),
    of_project("security_group_rules", None),
];

/// A limit of a project; without a count, on the size of one thing.
const fn of_project(name: &'static str, count: Option<Count>) -> Resource {
    Resource { service: "compute", name, owner: Owner::Project, count }
}
