//! `/networks`: what passed the table becomes logic.

use kit::Result;
use kit::error::Error;
use kit::http::View;
use kit::ids::{NetworkId, ProjectId};
use kit::policy::{Guarded, Rule, Target};
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::attributes::ATTRIBUTES;
use super::model::{Network, NetworkChange, NewNetwork};
use super::{logic, store, view};
use crate::attributes::Attribute;
use crate::listing::store::Pages;
use crate::rbac_policies::model::Shares;
use crate::resource::{Actor, Resource};
use crate::{checks, errors, policy, quotas};

impl Resource for Network {
    const NAME: &'static str = "network";
    const COLLECTION: &'static str = "networks";
    const PATH: &'static str = "/networks";
    const PARAMETER: &'static str = "network_id";
    const ATTRIBUTES: &'static [Attribute] = ATTRIBUTES;
    const VIEW: &'static View<Self> = &view::NETWORK;
    const GET: &'static Rule = &policy::GET_NETWORK;
    const PAGES: Option<&'static Pages> = Some(&store::PAGES);

    fn get(connection: &Connection, id: &str) -> Result<Option<Guarded<Self>>> {
        store::get(connection, &NetworkId::from(id))
    }

    fn list(connection: &Connection, project: Option<&ProjectId>) -> Result<Vec<Guarded<Self>>> {
        store::list(connection, project)
    }

    fn not_found(id: &str) -> Error {
        errors::network_not_found(&NetworkId::from(id))
    }

    fn revision(&self) -> i64 {
        self.standard.revision
    }

    fn shares(&self) -> Option<&Shares> {
        Some(&self.shares)
    }

    fn outside(&self) -> Option<&Shares> {
        Some(&self.outside)
    }

    fn create(actor: &Actor, connection: &Connection, given: Map<String, Value>) -> Result<Self> {
        let owner = Actor::owner(&given);
        actor.may_create::<Self>(&Target::project(&owner), &given)?;
        checks::local_network(&given)?;
        quotas::check(&actor.platform, connection, &owner, &[("network", 1)])?;
        let new: NewNetwork = serde_json::from_value(Value::Object(given))?;
        logic::create(connection, actor.now, &actor.platform.settings.network, &owner, new)
    }

    fn update(
        self,
        actor: &Actor,
        connection: &Connection,
        given: Map<String, Value>,
    ) -> Result<()> {
        let change: NetworkChange = serde_json::from_value(Value::Object(given))?;
        logic::update(connection, actor.now, &actor.platform.settings.network, self, change)
    }

    fn delete(self, _: &Actor, connection: &Connection) -> Result<()> {
        logic::delete(connection, &self)
    }
}
