//! The compute API, a module per resource.

mod aggregates;
mod audit;
mod change_password;
mod consoles;
mod diagnostics;
mod extensions;
mod flavor_extra_specs;
mod flavors;
mod floating_ips;
mod hosts;
mod hypervisors;
mod images;
mod interfaces;
mod keypairs;
mod migrations;
mod quota_sets;
mod rebuild;
mod rescue;
mod resize;
mod security_groups;
mod server_groups;
pub(crate) mod servers;
mod shelve;
mod simple_tenant_usage;
mod soft_delete;
mod volume_attachments;
