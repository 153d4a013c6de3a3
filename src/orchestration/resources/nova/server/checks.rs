//! What is wrong with the properties of a server together, said before anything exists and in Heat's
//! words. PURE: what cannot be foreseen is looked at when the server is made.

use serde_json::Value;

use crate::resources::nested::Form;
use crate::template::{Error, Result};

const NETWORKS: &str = "networks";
const ALLOCATE: &str = "allocate_network";
const PORT: &str = "port";
const FIXED_IP: &str = "fixed_ip";
const FLOATING_IP: &str = "floating_ip";
const SECURITY_GROUPS: &str = "security_groups";

/// Refuses what no server can be.
pub(super) fn check(form: &Form<'_>) -> Result<()> {
    check_source(form)?;
    check_metadata(form)?;
    let Some(Value::Array(nics)) = form.get(NETWORKS) else { return Ok(()) };
    for nic in nics {
        check_nic(form.name, nic)?;
    }
    if nics.len() > 1 && nics.iter().any(|nic| says(nic, ALLOCATE)) {
        return refuse(format!(
            "Property \"{ALLOCATE}\" can not be specified if multiple network interfaces set for \
             server."
        ));
    }
    let has_groups =
        matches!(form.get(SECURITY_GROUPS), Some(Value::Array(rows)) if !rows.is_empty());
    if has_groups && nics.iter().any(|nic| names(nic, PORT)) {
        return Err(conflict(SECURITY_GROUPS, &format!("{NETWORKS}/{PORT}")));
    }
    Ok(())
}

/// A server boots from something, and from one thing.
fn check_source(form: &Form<'_>) -> Result<()> {
    let [old, new] = ["block_device_mapping", "block_device_mapping_v2"];
    match (form.is_given(old), form.is_given(new)) {
        (true, true) => Err(conflict(old, new)),
        (false, false) if !form.is_given("image") => refuse(format!(
            "Neither image nor bootable volume is specified for instance {}",
            form.name
        )),
        _ => Ok(()),
    }
}

/// The deployments of a server are nobody's to write.
fn check_metadata(form: &Form<'_>) -> Result<()> {
    let writes = form.blueprint.definition.resource(form.name);
    let writes = writes
        .is_some_and(|row| row.metadata.members().iter().any(|(name, _)| name == "deployments"));
    if writes && form.text("user_data_format") == Some("SOFTWARE_CONFIG") {
        return refuse(
            "deployments key not allowed in resource metadata with user_data_format of \
             SOFTWARE_CONFIG",
        );
    }
    Ok(())
}

fn check_nic(server: &str, nic: &Value) -> Result<()> {
    let is_somewhere = ["network", "uuid", PORT, "subnet"].iter().any(|name| names(nic, name));
    let allocates = says(nic, ALLOCATE);
    if allocates && nic.as_object().is_some_and(|members| members.len() > 1) {
        return refuse(format!(
            "Can not specify \"{ALLOCATE}\" with other keys of networks at the same time."
        ));
    }
    if !allocates && !is_somewhere {
        return refuse(format!(
            "One of the properties \"network\", \"port\", \"{ALLOCATE}\" or \"subnet\" should be \
             set for the specified network of server \"{server}\"."
        ));
    }
    if says(nic, FIXED_IP) && names(nic, PORT) {
        return Err(conflict(&format!("{NETWORKS}/{FIXED_IP}"), &format!("{NETWORKS}/{PORT}")));
    }
    let has_port = [PORT, "subnet", "port_extra_properties"].iter().any(|name| names(nic, name));
    if names(nic, FLOATING_IP) && !has_port {
        return refuse(format!(
            "Property \"{FLOATING_IP}\" is not supported if only \"network\" is specified, because \
             the corresponding port can not be retrieved."
        ));
    }
    Ok(())
}

/// Whether an interface names something, though maybe nobody can tell what before it is there.
fn names(nic: &Value, name: &str) -> bool {
    nic.get(name).is_some()
}

fn says(nic: &Value, name: &str) -> bool {
    nic.get(name).is_some_and(|value| !value.is_null() && value != "")
}

fn conflict(one: &str, other: &str) -> Error {
    let sentence =
        format!("Cannot define the following properties at the same time: {one}, {other}.");
    Error::new("ResourcePropertyConflict", sentence)
}

fn refuse(sentence: impl Into<String>) -> Result<()> {
    Err(Error::validation(sentence))
}
