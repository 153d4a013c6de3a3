//! `/subnetpools`: what passed the table becomes logic.

use ipnet::IpNet;
use kit::Result;
use kit::error::Error;
use kit::http::{Call, Reply, View};
use kit::ids::{ProjectId, SubnetPoolId};
use kit::policy::{Guarded, Rule, Target};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::attributes::{ATTRIBUTES, PREFIXES};
use super::model::{NewSubnetPool, SubnetPool, SubnetPoolChange};
use super::{errors, logic, store, view};
use crate::attributes::{Attribute, check_value};
use crate::rbac_policies::model::Shares;
use crate::resource::{Actor, Resource};
use crate::{policy, quotas};

impl Resource for SubnetPool {
    const NAME: &'static str = "subnetpool";
    const COLLECTION: &'static str = "subnetpools";
    const PATH: &'static str = "/subnetpools";
    const PARAMETER: &'static str = "subnetpool_id";
    const ATTRIBUTES: &'static [Attribute] = ATTRIBUTES;
    const VIEW: &'static View<Self> = &view::SUBNETPOOL;
    const GET: &'static Rule = &policy::GET_SUBNETPOOL;

    fn get(connection: &Connection, id: &str) -> Result<Option<Guarded<Self>>> {
        store::get(connection, &SubnetPoolId::from(id))
    }

    fn list(connection: &Connection, project: Option<&ProjectId>) -> Result<Vec<Guarded<Self>>> {
        store::list(connection, project)
    }

    fn not_found(id: &str) -> Error {
        errors::not_found(id)
    }

    fn revision(&self) -> i64 {
        self.standard.revision
    }

    fn shares(&self) -> Option<&Shares> {
        Some(&self.shares)
    }

    fn create(actor: &Actor, connection: &Connection, given: Map<String, Value>) -> Result<Self> {
        let owner = Actor::owner(&given);
        actor.may_create::<Self>(&Target::project(&owner), &given)?;
        quotas::check(&actor.platform, connection, &owner, &[("subnetpool", 1)])?;
        let new: NewSubnetPool = serde_json::from_value(Value::Object(given))?;
        logic::create(actor, connection, &owner, new)
    }

    fn update(
        self,
        actor: &Actor,
        connection: &Connection,
        given: Map<String, Value>,
    ) -> Result<()> {
        let change: SubnetPoolChange = serde_json::from_value(Value::Object(given))?;
        logic::update(actor, connection, self, change)
    }

    fn delete(self, _: &Actor, connection: &Connection) -> Result<()> {
        logic::delete(connection, &self.id)
    }
}

/// `PUT /subnetpools/{subnetpool_id}/add_prefixes`.
pub(crate) async fn add_prefixes(call: Call) -> Result<Reply> {
    change_prefixes(&call, |actor, connection, pool, more| {
        let prefixes = [pool.prefixes.as_slice(), &more].concat();
        let id = pool.id.clone();
        let change = SubnetPoolChange { prefixes: Some(prefixes), ..SubnetPoolChange::default() };
        logic::update(actor, connection, pool, change)?;
        Ok(actor.see::<SubnetPool>(connection, id.as_str())?.0.prefixes)
    })
    .await
}

/// `PUT /subnetpools/{subnetpool_id}/remove_prefixes`.
pub(crate) async fn remove_prefixes(call: Call) -> Result<Reply> {
    change_prefixes(&call, |actor, connection, pool, unwanted| {
        logic::remove_prefixes(connection, actor.now, pool, &unwanted)
    })
    .await
}

type Change = fn(&Actor, &Connection, SubnetPool, Vec<IpNet>) -> Result<Vec<IpNet>>;

async fn change_prefixes(call: &Call, change: Change) -> Result<Reply> {
    let (actor, id) = (Actor::of(call)?, call.param(SubnetPool::PARAMETER).to_owned());
    let given =
        call.body.get("prefixes").filter(|list| list.as_array().is_some_and(|l| !l.is_empty()));
    let given = given.ok_or_else(|| Error::bad_request("Request body contains invalid data"))?;
    let ranges: Vec<IpNet> = serde_json::from_value(check_value(&PREFIXES, given)?)?;
    let write = move |connection: &Connection| {
        let pool = actor.open::<SubnetPool>(connection, &id, &Map::new())?;
        change(&actor, connection, pool, ranges)
    };
    let prefixes = call.platform.store.write("subnetpools", write).await?;
    Ok(Reply::json(json!({"prefixes": prefixes})))
}
