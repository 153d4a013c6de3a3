//! `/subnets`: what passed the table becomes logic.

use kit::Result;
use kit::error::Error;
use kit::http::View;
use kit::ids::{ProjectId, SubnetId};
use kit::policy::{Guarded, Rule, Target};
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::attributes::ATTRIBUTES;
use super::model::{NewSubnet, Subnet, SubnetChange};
use super::{logic, range, store, view};
use crate::attributes::Attribute;
use crate::listing::store::Pages;
use crate::networks::model::Network;
use crate::rbac_policies::model::Shares;
use crate::resource::{Actor, Resource};
use crate::{errors, policy, quotas};

impl Resource for Subnet {
    const NAME: &'static str = "subnet";
    const COLLECTION: &'static str = "subnets";
    const PATH: &'static str = "/subnets";
    const PARAMETER: &'static str = "subnet_id";
    const ATTRIBUTES: &'static [Attribute] = ATTRIBUTES;
    const VIEW: &'static View<Self> = &view::SUBNET;
    const GET: &'static Rule = &policy::GET_SUBNET;
    const PAGES: Option<&'static Pages> = Some(&store::PAGES);

    fn get(connection: &Connection, id: &str) -> Result<Option<Guarded<Self>>> {
        store::get(connection, &SubnetId::from(id))
    }

    fn list(connection: &Connection, project: Option<&ProjectId>) -> Result<Vec<Guarded<Self>>> {
        store::list(connection, project)
    }

    fn not_found(id: &str) -> Error {
        errors::subnet_not_found(&SubnetId::from(id))
    }

    fn revision(&self) -> i64 {
        self.standard.revision
    }

    fn shares(&self) -> Option<&Shares> {
        Some(&self.network_shares)
    }

    fn outside(&self) -> Option<&Shares> {
        Some(&self.network_outside)
    }

    fn create(actor: &Actor, connection: &Connection, given: Map<String, Value>) -> Result<Self> {
        let owner = Actor::owner(&given);
        let new: NewSubnet = serde_json::from_value(Value::Object(given.clone()))?;
        let network: Network = actor.see_parent(connection, new.network_id.as_str())?;
        let target = Target::project(&owner).with("network:project_id", &network.project);
        actor.may_create::<Self>(&target, &given)?;
        quotas::check(&actor.platform, connection, &owner, &[("subnet", 1)])?;
        let range = range::choose(actor, connection, &owner, &new)?;
        logic::create(connection, actor.now, &owner, &network, range, new)
    }

    fn update(
        self,
        actor: &Actor,
        connection: &Connection,
        given: Map<String, Value>,
    ) -> Result<()> {
        let change: SubnetChange = serde_json::from_value(Value::Object(given))?;
        logic::update(connection, actor.now, self, change)
    }

    fn delete(self, actor: &Actor, connection: &Connection) -> Result<()> {
        logic::delete(connection, actor.now, &self)
    }
}
