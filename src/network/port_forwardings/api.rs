//! `/floatingips/{floatingip_id}/port_forwardings`: what passed the table becomes logic.

use kit::Result;
use kit::error::Error;
use kit::http::{Call, Cx, Reply, View};
use kit::ids::{PortForwardingId, ProjectId};
use kit::policy::{Guarded, Rule};
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::attributes::ATTRIBUTES;
use super::errors::not_found;
use super::model::{NewPortForwarding, PortForwarding, PortForwardingChange, target};
use super::{logic, store, view};
use crate::attributes::Attribute;
use crate::floating_ips::model::FloatingIp;
use crate::listing::Listing;
use crate::policy;
use crate::resource::{self, Actor, Resource};

impl Resource for PortForwarding {
    const NAME: &'static str = "port_forwarding";
    const COLLECTION: &'static str = "port_forwardings";
    const PATH: &'static str = "/port_forwardings";
    const PARAMETER: &'static str = "port_forwarding_id";
    const ATTRIBUTES: &'static [Attribute] = ATTRIBUTES;
    const VIEW: &'static View<Self> = &view::PORT_FORWARDING;
    const GET: &'static Rule = &policy::GET_PORT_FORWARDING;

    fn get(connection: &Connection, id: &str) -> Result<Option<Guarded<Self>>> {
        store::get(connection, &PortForwardingId::from(id))
    }

    fn list(connection: &Connection, project: Option<&ProjectId>) -> Result<Vec<Guarded<Self>>> {
        store::list(connection, project)
    }

    fn not_found(id: &str) -> Error {
        not_found(&PortForwardingId::from(id))
    }

    fn revision(&self) -> i64 {
        self.revision
    }

    fn create(actor: &Actor, connection: &Connection, given: Map<String, Value>) -> Result<Self> {
        let new: NewPortForwarding = serde_json::from_value(Value::Object(given.clone()))?;
        let floating: FloatingIp = actor.see_parent(connection, new.floatingip_id.as_str())?;
        actor.may_create::<Self>(&target(&floating.project), &given)?;
        logic::create(actor, connection, &floating, new)
    }

    fn update(
        self,
        actor: &Actor,
        connection: &Connection,
        given: Map<String, Value>,
    ) -> Result<()> {
        let change: PortForwardingChange = serde_json::from_value(Value::Object(given))?;
        logic::update(actor, connection, self, change)
    }

    fn delete(self, _: &Actor, connection: &Connection) -> Result<()> {
        store::delete(connection, &self.id)
    }
}

/// `GET /floatingips/{floatingip_id}/port_forwardings`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let listing = Listing::parse(&call.query, ATTRIBUTES)?;
    let (actor, id) = (Actor::of(&call)?, call.param(FloatingIp::PARAMETER).to_owned());
    let path = format!("{}/{id}{}", FloatingIp::PATH, PortForwarding::PATH);
    let read =
        move |connection: &Connection| Ok(actor.see::<FloatingIp>(connection, &id)?.0.forwardings);
    let rows = call.platform.store.read(read).await?;
    let cx = Cx::new(&call);
    let rendered = rows.iter().map(|row| PortForwarding::VIEW.render(row, &cx)).collect();
    resource::page(&call, &listing, PortForwarding::COLLECTION, &path, rendered)
}

/// `POST /floatingips/{floatingip_id}/port_forwardings`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let parent = Value::from(call.param(FloatingIp::PARAMETER));
    resource::create_of::<PortForwarding>(call, Some((FloatingIp::PARAMETER, parent))).await
}

/// `GET /floatingips/{floatingip_id}/port_forwardings/{port_forwarding_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    check_parent(&call).await?;
    resource::show::<PortForwarding>(call).await
}

/// `PUT /floatingips/{floatingip_id}/port_forwardings/{port_forwarding_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    check_parent(&call).await?;
    resource::update::<PortForwarding>(call).await
}

/// `DELETE /floatingips/{floatingip_id}/port_forwardings/{port_forwarding_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    check_parent(&call).await?;
    resource::delete::<PortForwarding>(call).await
}

/// Refuses what is not of the floating IP that the path names; it never becomes another's.
async fn check_parent(call: &Call) -> Result<()> {
    let param = |name| call.param(name).to_owned();
    let (parent, id) = (param(FloatingIp::PARAMETER), param(PortForwarding::PARAMETER));
    let actor = Actor::of(call)?;
    let read = move |connection: &Connection| {
        let (floating, _) = actor.see::<FloatingIp>(connection, &parent)?;
        let (row, _) = actor.see::<PortForwarding>(connection, &id)?;
        if row.floating_ip == floating.id { Ok(()) } else { Err(not_found(&row.id)) }
    };
    call.platform.store.read(read).await
}
