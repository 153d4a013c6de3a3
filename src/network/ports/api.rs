//! `/ports`: what passed the table becomes logic.

use kit::Result;
use kit::error::Error;
use kit::http::View;
use kit::ids::{PortId, ProjectId};
use kit::policy::{Guarded, Rule, Target};
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::attributes::ATTRIBUTES;
use super::model::{NewPort, Port, PortChange};
use super::{logic, store, view};
use crate::attributes::Attribute;
use crate::listing::store::Pages;
use crate::networks::model::{Network, python};
use crate::resource::{Actor, Resource};
use crate::routers::errors::service_port_in_use;
use crate::{errors, policy, quotas};

impl Resource for Port {
    const NAME: &'static str = "port";
    const COLLECTION: &'static str = "ports";
    const PATH: &'static str = "/ports";
    const PARAMETER: &'static str = "port_id";
    const ATTRIBUTES: &'static [Attribute] = ATTRIBUTES;
    const VIEW: &'static View<Self> = &view::PORT;
    const GET: &'static Rule = &policy::GET_PORT;
    const PAGES: Option<&'static Pages> = Some(&store::PAGES);

    fn get(connection: &Connection, id: &str) -> Result<Option<Guarded<Self>>> {
        store::get(connection, &PortId::from(id))
    }

    fn list(connection: &Connection, project: Option<&ProjectId>) -> Result<Vec<Guarded<Self>>> {
        store::list(connection, project)
    }

    fn not_found(id: &str) -> Error {
        errors::port_not_found(&PortId::from(id))
    }

    fn revision(&self) -> i64 {
        self.standard.revision
    }

    fn create(actor: &Actor, connection: &Connection, given: Map<String, Value>) -> Result<Self> {
        let owner = Actor::owner(&given);
        let new: NewPort = serde_json::from_value(Value::Object(given.clone()))?;
        // Neutron: `rule:shared` looks at the network with the caller's eyes, so it may be hidden.
        let (network, _) = actor.see::<Network>(connection, new.network_id.as_str())?;
        let target = Target::project(&owner)
            .with("network:project_id", &network.project)
            .with("shared", python(network.shares.with_caller(Some(&actor.caller))))
            .with("device_owner", &new.device_owner);
        actor.may_create::<Self>(&target, &given)?;
        quotas::check(&actor.platform, connection, &owner, &[("port", 1)])?;
        logic::check_groups(actor, connection, new.security_groups.as_deref())?;
        let base_mac = &actor.platform.settings.network.base_mac;
        logic::create(connection, actor.now, base_mac, &owner, &network, new)
    }

    fn update(
        self,
        actor: &Actor,
        connection: &Connection,
        given: Map<String, Value>,
    ) -> Result<()> {
        let change: PortChange = serde_json::from_value(Value::Object(given))?;
        logic::check_groups(actor, connection, change.security_groups.as_deref())?;
        logic::update(connection, actor.now, self, change)
    }

    fn delete(self, _: &Actor, connection: &Connection) -> Result<()> {
        if self.device_owner.starts_with("network:") && !self.device_id.is_empty() {
            return Err(service_port_in_use(&self));
        }
        store::delete(connection, &self.id)
    }
}
