//! The rules of routers and of their ways out.

use kit::Result;
use kit::ids::{ProjectId, RouterId};
use rusqlite::Connection;

use super::errors::{gateway_in_use, router_in_use};
use super::interfaces::{self, refuse_overlap};
use super::model::{GATEWAY, Gateway, GatewayInfo, NewRouter, Router, RouterChange, WantedGateway};
use super::{routes, store};
use crate::networks::model::Network;
use crate::ports::model::{NewPort, WantedIp};
use crate::resource::Actor;
use crate::standard::Standard;
use crate::{errors, floating_ips, ports, subnets};

/// Makes a router. Quotas are the caller's business.
pub(super) fn create(
    actor: &Actor,
    connection: &Connection,
    project: &ProjectId,
    new: NewRouter,
) -> Result<Router> {
    if let Some(zone) = new.availability_zone_hints.first() {
        return Err(errors::zone_not_found(zone));
    }
    let router = Router {
        id: RouterId::random(),
        project: project.clone(),
        name: new.name,
        description: new.description,
        admin_state_up: new.admin_state_up.unwrap_or(true),
        gateway: None,
        enable_snat: true,
        routes: Vec::new(),
        standard: Standard { tags: new.tags, ..Standard::new(actor.now, 1) },
    };
    let router = lead_out(actor, connection, router, new.external_gateway_info)?;
    store::insert(connection, &router)?;
    Ok(router)
}

/// Changes a router.
pub(super) fn update(
    actor: &Actor,
    connection: &Connection,
    router: Router,
    change: RouterChange,
) -> Result<()> {
    if let Some(wanted) = &change.routes {
        routes::check(actor, connection, &router, wanted)?;
    }
    let old = router.gateway.clone();
    let changed = lead_out(actor, connection, router, change.external_gateway_info)?;
    let changed = Router {
        name: change.name.unwrap_or(changed.name),
        description: change.description.unwrap_or(changed.description),
        admin_state_up: change.admin_state_up.unwrap_or(changed.admin_state_up),
        routes: change.routes.unwrap_or(changed.routes),
        ..changed
    };
    store::update(connection, &changed, actor.now)?;
    let kept = changed.gateway.as_ref().map(|gateway| &gateway.port);
    match old.filter(|old| Some(&old.port) != kept) {
        Some(old) => ports::store::delete(connection, &old.port),
        None => Ok(()),
    }
}

/// Deletes a router without interfaces, with its way out.
pub(super) fn delete(connection: &Connection, router: &Router) -> Result<()> {
    let interfaces = interfaces::of(connection, &router.id)?;
    if !interfaces.is_empty() {
        return Err(router_in_use(&router.id, &interfaces));
    }
    store::delete(connection, &router.id)?;
    match &router.gateway {
        Some(gateway) => ports::store::delete(connection, &gateway.port),
        None => Ok(()),
    }
}

/// The router with the way out that is asked for; the port of an old one stays for the caller to
/// remove, once no row names it.
fn lead_out(
    actor: &Actor,
    connection: &Connection,
    router: Router,
    wanted: WantedGateway,
) -> Result<Router> {
    let info = match wanted {
        WantedGateway::Unsaid => return Ok(router),
        WantedGateway::Absent => None,
        WantedGateway::By(info) => Some(info),
    };
    let network = info.as_ref().map(|info| &info.network_id);
    if let Some(old) = router.gateway.as_ref().filter(|old| Some(&old.network) != network)
        && floating_ips::store::lead_through(connection, &router.id)?
    {
        return Err(gateway_in_use(&router.id, &old.network));
    }
    let Some(info) = info else {
        return Ok(Router { gateway: None, enable_snat: true, ..router });
    };
    let enable_snat = info.enable_snat.unwrap_or(true);
    let gateway = gateway(actor, connection, &router, info)?;
    Ok(Router { gateway: Some(gateway), enable_snat, ..router })
}

fn gateway(
    actor: &Actor,
    connection: &Connection,
    router: &Router,
    info: GatewayInfo,
) -> Result<Gateway> {
    let (network, _) = actor.see::<Network>(connection, info.network_id.as_str())?;
    if !network.external {
        let sentence = format!("Network {} is not an external network", network.id);
        return Err(errors::bad_resource("router", sentence));
    }
    let subnets = subnets::store::of_network(connection, &network.id)?;
    let of_gateway = |wish: &WantedIp| {
        let taken = subnets.iter().filter_map(|subnet| subnet.gateway_ip);
        wish.ip_address.filter(|address| taken.into_iter().any(|taken| taken == *address))
    };
    if let Some(address) = info.external_fixed_ips.iter().find_map(of_gateway) {
        let sentence = format!("External IP {address} is the same as the gateway IP");
        return Err(errors::bad_resource("router", sentence));
    }
    match &router.gateway {
        Some(old) if old.network == network.id => {
            keep_gateway(connection, old, &info.external_fixed_ips)
        }
        Some(_) | None => {
            refuse_overlap(connection, &router.id, &subnets)?;
            make_gateway(actor, connection, router, &network, info.external_fixed_ips)
        }
    }
}

/// The same port, with other addresses if some are asked for.
fn keep_gateway(connection: &Connection, old: &Gateway, wanted: &[WantedIp]) -> Result<Gateway> {
    if wanted.is_empty() {
        return Ok(old.clone());
    }
    let own = &old.fixed_ips;
    let fixed_ips = ports::addresses::choose(connection, &old.network, Some(wanted), own)?;
    ports::store::set_addresses(connection, &old.port, &fixed_ips)?;
    Ok(Gateway { fixed_ips, ..old.clone() })
}

/// Neutron: the port on the external network is nobody's, its project does not see it.
fn make_gateway(
    actor: &Actor,
    connection: &Connection,
    router: &Router,
    network: &Network,
    wanted: Vec<WantedIp>,
) -> Result<Gateway> {
    let new = NewPort {
        network_id: network.id.clone(),
        device_id: router.id.to_string(),
        device_owner: GATEWAY.to_owned(),
        fixed_ips: (!wanted.is_empty()).then_some(wanted),
        ..NewPort::default()
    };
    let nobody = ProjectId::from("");
    let port = ports::logic::create_for_house(actor, connection, &nobody, network, new)?;
    Ok(Gateway { port: port.id, network: port.network, fixed_ips: port.fixed_ips })
}
