//! The counted resources of compute.

use kit::quota::Resource;

/// One row per resource, in the order in which Nova shows them.
pub static ALL: &[Resource] = &[];
