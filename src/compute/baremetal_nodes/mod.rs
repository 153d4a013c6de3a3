//! `/os-baremetal-nodes`, until 2.35: what Nova told of Ironic's machines. There are none.

pub(crate) mod api;
