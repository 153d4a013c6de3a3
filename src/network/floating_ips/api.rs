//! `/floatingips`: what passed the table becomes logic.

use kit::Result;
use kit::error::Error;
use kit::http::View;
use kit::ids::{FloatingIpId, ProjectId};
use kit::policy::{Guarded, Rule, Target};
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::attributes::ATTRIBUTES;
use super::model::{FloatingIp, FloatingIpChange, NewFloatingIp};
use super::{logic, store, view};
use crate::attributes::Attribute;
use crate::listing::store::Pages;
use crate::resource::{Actor, Resource};
use crate::routers::errors;
use crate::{policy, quotas};

impl Resource for FloatingIp {
    const NAME: &'static str = "floatingip";
    const COLLECTION: &'static str = "floatingips";
    const PATH: &'static str = "/floatingips";
    const PARAMETER: &'static str = "floatingip_id";
    const ATTRIBUTES: &'static [Attribute] = ATTRIBUTES;
    const VIEW: &'static View<Self> = &view::FLOATING_IP;
    const GET: &'static Rule = &policy::GET_FLOATINGIP;
    const PAGES: Option<&'static Pages> = Some(&store::PAGES);

    fn get(connection: &Connection, id: &str) -> Result<Option<Guarded<Self>>> {
        store::get(connection, &FloatingIpId::from(id))
    }

    fn list(connection: &Connection, project: Option<&ProjectId>) -> Result<Vec<Guarded<Self>>> {
        store::list(connection, project)
    }

    fn not_found(id: &str) -> Error {
        errors::floating_ip_not_found(&FloatingIpId::from(id))
    }

    fn revision(&self) -> i64 {
        self.standard.revision
    }

    fn create(actor: &Actor, connection: &Connection, given: Map<String, Value>) -> Result<Self> {
        let owner = Actor::owner(&given);
        actor.may_create::<Self>(&Target::project(&owner), &given)?;
        quotas::check(&actor.platform, connection, &owner, &[("floatingip", 1)])?;
        let new: NewFloatingIp = serde_json::from_value(Value::Object(given))?;
        logic::create(actor, connection, &owner, new)
    }

    fn update(
        self,
        actor: &Actor,
        connection: &Connection,
        given: Map<String, Value>,
    ) -> Result<()> {
        // Neutron: whoever changes nothing parts it from its port.
        let change = if given.is_empty() {
            FloatingIpChange::nowhere()
        } else {
            serde_json::from_value(Value::Object(given))?
        };
        logic::update(actor, connection, self, change)
    }

    fn delete(self, _: &Actor, connection: &Connection) -> Result<()> {
        logic::delete(connection, &self)
    }
}
