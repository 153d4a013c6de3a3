//! The extra routes of a router: what is reached by a guest on one of its subnets.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};
use kit::Result;
use kit::engine::Route;
use kit::http::pyrepr::Str;
use rusqlite::Connection;
use serde_json::Value;

use super::attributes::ROUTES;
use super::errors::invalid_routes;
use super::logic;
use super::model::{Router, RouterChange};
use super::store::{self, Place};
use crate::attributes::check_value;
use crate::networks::model::Network;
use crate::quotas;
use crate::resource::Actor;
use crate::subnets::model::HostRoute;

/// Refuses routes by guests that the router does not reach, and more than a router may have.
pub(super) fn check(
    actor: &Actor,
    connection: &Connection,
    router: &Router,
    wanted: &[HostRoute],
) -> Result<()> {
    let places = store::places(connection, &router.id)?;
    let shown = Str(&serde_json::to_value(wanted)?).to_string();
    for nexthop in wanted.iter().filter_map(nexthop) {
        if place(&places, nexthop).is_none() {
            return Err(invalid_routes(shown, "the nexthop is not connected with router"));
        }
        if places.iter().any(|place| place.own == nexthop) {
            return Err(invalid_routes(shown, "the nexthop is used by router"));
        }
    }
    let count = i64::try_from(wanted.len()).unwrap_or(i64::MAX);
    quotas::check(&actor.platform, connection, &router.project, &[("router_route", count)])
}

/// Takes routes from a router, which need not be there, and gives it others, which come once.
pub(crate) fn exchange(
    actor: &Actor,
    connection: &Connection,
    router: Router,
    less: &[HostRoute],
    more: Vec<HostRoute>,
) -> Result<()> {
    let mut wanted = router.routes.clone();
    wanted.retain(|route| !less.contains(route));
    for route in more {
        if !wanted.contains(&route) {
            wanted.push(route);
        }
    }
    let change = RouterChange { routes: Some(wanted), ..RouterChange::default() };
    logic::update(actor, connection, router, change)
}

/// Routes as a request has them.
pub(crate) fn read(given: &Value) -> Result<Vec<HostRoute>> {
    Ok(serde_json::from_value(check_value(&ROUTES, given)?)?)
}

/// Whether a next hop is in a range that a router is about to leave.
pub(super) fn lead_into(router: &Router, range: &IpNet) -> bool {
    router.routes.iter().filter_map(nexthop).any(|nexthop| range.contains(&nexthop))
}

/// What an engine is to make of the routes of all routers; `joined` are the networks that each is
/// on. IPv6 is left to the engine.
pub(crate) fn wanted(connection: &Connection) -> Result<Vec<Route>> {
    let mut wanted = Vec::new();
    let joined = store::joined(connection)?;
    for (router, routes) in store::routes(connection)? {
        let places = store::places(connection, &router)?;
        for route in &routes {
            let (Some(IpAddr::V4(nexthop)), Ok(destination)) =
                (nexthop(route), route.destination.parse::<Ipv4Net>())
            else {
                continue;
            };
            let Some(via) = place(&places, nexthop.into()) else { continue };
            let from = joined.iter().filter(|(of, _)| *of == router);
            wanted.extend(from.map(|(_, from)| Route {
                from: Network::engine_name(from),
                destination: destination.trunc(),
                via: Network::engine_name(&via.network),
                nexthop,
            }));
        }
    }
    Ok(wanted)
}

fn nexthop(route: &HostRoute) -> Option<IpAddr> {
    route.nexthop.parse().ok()
}

fn place(places: &[Place], nexthop: IpAddr) -> Option<&Place> {
    places.iter().find(|place| place.range.contains(&nexthop))
}
