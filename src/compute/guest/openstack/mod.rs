//! The OpenStack tree of guests' metadata, for the metadata service and the config drive.

mod view;

pub use view::{meta_data, network_data};

/// `vendor_data.json` and `vendor_data2.json`: a deployment without vendor data has empty ones.
pub const VENDOR_DATA: &str = "{}";
