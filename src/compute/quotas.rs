//! The counted resources of compute.

use kit::quota::{Owner, Resource};

use crate::keypairs;

/// One row per resource, in the order in which Nova shows them.
pub static ALL: &[Resource] = &[
    // keypairs
    Resource {
        service: "compute",
        name: "key_pairs",
        owner: Owner::User,
        count: Some(|connection, _, user| keypairs::store::count(connection, user)),
    },
];
