//! Neutron's errors about address groups (`neutron_lib/exceptions/address_group.py`). A list.

use ipnet::IpNet;
use kit::error::Error;
use kit::ids::AddressGroupId;

/// No such group, or none that the caller may see.
pub(super) fn not_found(id: &str) -> Error {
    Error::not_found(format!("Address group {id} could not be found.")).tag("AddressGroupNotFound")
}

/// A group that rules name.
pub(super) fn in_use(id: &AddressGroupId) -> Error {
    let sentence = format!("Address group {id} is in use on one or more security group rules.");
    Error::conflict(sentence).tag("AddressGroupInUse")
}

/// Ranges that the group has.
pub(super) fn there_already(ranges: &[&IpNet], id: &AddressGroupId) -> Error {
    Error::bad_request(format!(
        "Addresses {} already exist in the address group {id}.",
        python(ranges)
    ))
    .tag("AddressesAlreadyExist")
}

/// Ranges that the group has not.
pub(super) fn absent(ranges: &[&IpNet], id: &AddressGroupId) -> Error {
    Error::not_found(format!("Addresses {} not found in the address group {id}.", python(ranges)))
        .tag("AddressesNotFound")
}

/// What is neither address nor range.
pub(super) fn no_range(text: &str) -> Error {
    Error::bad_request(format!("invalid IPNetwork {text}")).tag("AddrFormatError")
}

/// A list as Python prints it.
fn python(ranges: &[&IpNet]) -> String {
    let quoted: Vec<String> = ranges.iter().map(|range| format!("'{range}'")).collect();
    format!("[{}]", quoted.join(", "))
}
