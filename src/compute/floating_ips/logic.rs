//! What the proxy asks of the network service, and Nova's words for its refusals
//! (`nova/network/neutron.py`).

use kit::Kind;
use kit::error::{Error, Result};
use kit::ids::is_uuid_like;
use network::facade::{Delegate, Kind as Thing};
use network::floating_ips::model::FloatingIp;
use network::networks::model::Network;
use serde_json::{Map, Value};

/// Nova: `[neutron] default_floating_pool`, as `DevStack` sets it.
const DEFAULT_POOL: &str = "public";

/// A floating IP and what Nova says of it.
pub(crate) struct Described {
    /// The network service's row.
    pub(crate) row: FloatingIp,
    /// The name of its external network.
    pub(crate) pool: String,
    /// The server that it leads to.
    pub(crate) server: Option<String>,
}

/// The external networks.
pub(crate) fn pools(network: Delegate<'_>) -> Result<Vec<Network>> {
    let mut networks = network.networks()?;
    networks.retain(|row| row.external);
    Ok(networks)
}

/// What a pool is called: a network need not have a name.
pub(crate) fn name_of(pool: &Network) -> String {
    if pool.name.is_empty() { pool.id.to_string() } else { pool.name.clone() }
}

/// The floating IPs of the caller's project, an administrator's too.
pub(crate) fn list(network: Delegate<'_>) -> Result<Vec<Described>> {
    let own = network.caller.require_project()?;
    let rows = network.floating_ips()?.into_iter().filter(|row| row.project == *own);
    rows.map(|row| describe(network, row)).collect()
}

/// The floating IP of this id.
pub(crate) fn get(network: Delegate<'_>, id: &str) -> Result<Described> {
    describe(network, row(network, id)?)
}

/// Takes a floating IP from a pool.
pub(crate) fn create(network: Delegate<'_>, pool: Option<&str>) -> Result<Described> {
    let external = pool_named(network, pool.unwrap_or(DEFAULT_POOL))?;
    let given =
        Map::from_iter([("floating_network_id".to_owned(), Value::from(external.id.as_str()))]);
    let made = network.create(Thing::FloatingIp, given).map_err(|error| refused(error, pool))?;
    get(network, made.get("id").and_then(Value::as_str).unwrap_or_default())
}

/// Gives a floating IP back.
pub(crate) fn delete(network: Delegate<'_>, id: &str) -> Result<()> {
    let row = row(network, id)?;
    network.delete(Thing::FloatingIp, row.id.as_str())
}

fn row(network: Delegate<'_>, id: &str) -> Result<FloatingIp> {
    let missing = || Error::not_found(format!("Floating IP not found for ID {id}"));
    let found = network.floating_ip(id);
    found.map_err(|error| if error.kind == Kind::NotFound { missing() } else { error })
}

fn describe(network: Delegate<'_>, row: FloatingIp) -> Result<Described> {
    let pool = name_of(&network.network(row.network.as_str())?);
    let server = server_of(network, &row);
    Ok(Described { row, pool, server })
}

/// The server that a floating IP leads to, as far as the caller sees its port.
pub(super) fn server_of(network: Delegate<'_>, row: &FloatingIp) -> Option<String> {
    let to = row.association.as_ref()?;
    let device = network.port(to.port.as_str()).ok()?.device_id;
    (!device.is_empty()).then_some(device)
}

fn pool_named(network: Delegate<'_>, name: &str) -> Result<Network> {
    let by_id = is_uuid_like(name);
    let mut found = pools(network)?;
    found.retain(|pool| if by_id { pool.id.as_str() == name } else { pool.name == name });
    match (found.pop(), found.is_empty()) {
        (Some(pool), true) => Ok(pool),
        (None, _) => Err(Error::not_found("Floating IP pool not found.")),
        (Some(_), false) => Err(Error::internal(format!(
            "Multiple floating IP pools matches found for name '{name}'"
        ))),
    }
}

/// Nova: nothing left is not found, a limit is a limit.
fn refused(error: Error, pool: Option<&str>) -> Error {
    let of_pool = |plain: &str, words: &str| match pool {
        Some(pool) => format!("{words} in pool {pool}."),
        None => format!("{plain}."),
    };
    if error.kind == Kind::QuotaExceeded {
        return Error::quota(of_pool("IP allocation over quota", "IP allocation over quota"));
    }
    if matches!(error.tag, "ExternalIpAddressExhausted" | "IpAddressGenerationFailure") {
        let none = of_pool("No more floating IPs available", "No more floating IPs");
        return Error::not_found(none);
    }
    error
}
