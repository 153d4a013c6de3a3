//! The counted resources of compute.

use kit::quota::{Count, Owner, Resource};

use crate::{keypairs, servers};

/// One row per resource, in the order in which Nova shows them.
pub static ALL: &[Resource] = &[
    of_project("instances", Some(servers::store::count)),
    of_project("cores", Some(servers::store::sum_vcpus)),
    of_project("ram", Some(servers::store::sum_ram_mb)),
    of_project("metadata_items", None),
    of_project("injected_files", None),
    of_project("injected_file_content_bytes", None),
    of_project("injected_file_path_bytes", None),
    Resource {
        service: "compute",
        name: "key_pairs",
        owner: Owner::User,
        count: Some(|connection, _, user| keypairs::store::count(connection, user)),
    },
];

/// A limit of a project; without a count, on the size of one thing.
const fn of_project(name: &'static str, count: Option<Count>) -> Resource {
    Resource { service: "compute", name, owner: Owner::Project, count }
}
