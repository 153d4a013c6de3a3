//! `/network-ip-availabilities`.

use kit::Result;
use kit::error::Error;
use kit::http::{Call, Cx, Reply};
use kit::policy::Target;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{logic, view};
use crate::attributes::Attribute;
use crate::listing::Listing;
use crate::networks::model::Network;
use crate::resource::{self, Actor};

/// What one can filter and sort by.
static ATTRIBUTES: &[Attribute] =
    &[Attribute::shown("network_id"), Attribute::shown("network_name")];

/// `GET /network-ip-availabilities`. Whoever may not see them gets an empty list.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let (versions, query): (Vec<_>, Vec<_>) =
        call.query.iter().cloned().partition(|(key, _)| key == "ip_version");
    let listing = Listing::parse(&query, ATTRIBUTES)?;
    let rule = call.operation.rule;
    let may = rule.is_some_and(|rule| call.allows(rule, &Target::none()));
    let networks = if may { resource::visible::<Network>(&call).await? } else { Vec::new() };
    let read = move |connection: &Connection| {
        networks.into_iter().map(|network| logic::count(connection, network)).collect()
    };
    let mut rows: Vec<logic::Availability> = call.platform.store.read(read).await?;
    // Not an attribute of the network: it says which of its subnets count.
    for (_, version) in &versions {
        for row in &mut rows {
            row.keep_version(version);
        }
    }
    let cx = Cx::new(&call);
    let rendered: Vec<Value> = rows.iter().map(|row| view::AVAILABILITY.render(row, &cx)).collect();
    let path = "/network-ip-availabilities";
    resource::page(&call, &listing, "network_ip_availabilities", path, rendered)
}

/// `GET /network-ip-availabilities/{network_id}`. To whoever may not see it, it is not there.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    call.authorize().map_err(|_| Error::not_found("The resource could not be found."))?;
    let (actor, id) = (Actor::of(&call)?, call.param("network_id").to_owned());
    let read = move |connection: &Connection| {
        let (network, _) = actor.see::<Network>(connection, &id)?;
        logic::count(connection, network)
    };
    let counted = call.platform.store.read(read).await?;
    let rendered = view::AVAILABILITY.render(&counted, &Cx::new(&call));
    Ok(Reply::json(json!({"network_ip_availability": rendered})))
}
