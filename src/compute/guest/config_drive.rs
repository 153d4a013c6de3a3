//! The files of a config drive: the same documents as the metadata service's, as a folder.

use super::facts::GuestFacts;
use super::openstack;

/// Where guests see it. cloud-init looks for a *device* of this label, which a container has
/// not; a folder of its layout serves everything else that reads it.
pub(crate) const TARGET: &str = "/config-2";

/// Path below the drive's root, and content.
pub(crate) fn files(facts: &GuestFacts, seed: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let meta = openstack::meta_data(facts, seed).to_string().into_bytes();
    let network = openstack::network_data(facts).to_string().into_bytes();
    let vendor = || openstack::VENDOR_DATA.as_bytes().to_vec();
    let mut files = vec![
        ("openstack/latest/meta_data.json", meta),
        ("openstack/latest/network_data.json", network),
        ("openstack/latest/vendor_data.json", vendor()),
        ("openstack/latest/vendor_data2.json", vendor()),
    ];
    if !facts.user_data.is_empty() {
        files.push(("openstack/latest/user_data", facts.user_data.clone()));
    }
    files
}
