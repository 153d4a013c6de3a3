//! `/address-groups`: what passed the table becomes logic.

use std::collections::BTreeSet;

use ipnet::IpNet;
use kit::Result;
use kit::clock::Time;
use kit::error::Error;
use kit::http::{Call, Cx, Reply, View};
use kit::ids::{AddressGroupId, ProjectId};
use kit::policy::{Guarded, Rule, Target};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::attributes::{ATTRIBUTES, changed};
use super::model::{AddressGroup, AddressGroupChange, NewAddressGroup};
use super::{errors, logic, store, view};
use crate::attributes::Attribute;
use crate::policy;
use crate::rbac_policies::model::Shares;
use crate::resource::{Actor, Resource};

impl Resource for AddressGroup {
    const NAME: &'static str = "address_group";
    const COLLECTION: &'static str = "address_groups";
    const PATH: &'static str = "/address-groups";
    const PARAMETER: &'static str = "address_group_id";
    const ATTRIBUTES: &'static [Attribute] = ATTRIBUTES;
    const VIEW: &'static View<Self> = &view::ADDRESS_GROUP;
    const GET: &'static Rule = &policy::GET_ADDRESS_GROUP;

    fn get(connection: &Connection, id: &str) -> Result<Option<Guarded<Self>>> {
        store::get(connection, &AddressGroupId::from(id))
    }

    fn list(connection: &Connection, project: Option<&ProjectId>) -> Result<Vec<Guarded<Self>>> {
        store::list(connection, project)
    }

    fn not_found(id: &str) -> Error {
        errors::not_found(id)
    }

    fn revision(&self) -> i64 {
        self.revision
    }

    fn shares(&self) -> Option<&Shares> {
        Some(&self.shares)
    }

    fn create(actor: &Actor, connection: &Connection, given: Map<String, Value>) -> Result<Self> {
        let owner = Actor::owner(&given);
        actor.may_create::<Self>(&Target::project(&owner), &given)?;
        let new: NewAddressGroup = serde_json::from_value(Value::Object(given))?;
        logic::create(connection, actor.now, &owner, new)
    }

    fn update(
        self,
        actor: &Actor,
        connection: &Connection,
        given: Map<String, Value>,
    ) -> Result<()> {
        let change: AddressGroupChange = serde_json::from_value(Value::Object(given))?;
        logic::update(connection, actor.now, self, change)
    }

    fn delete(self, _: &Actor, connection: &Connection) -> Result<()> {
        logic::delete(connection, &self.id)
    }
}

/// `PUT /address-groups/{address_group_id}/add_addresses`.
pub(crate) async fn add_addresses(call: Call) -> Result<Reply> {
    change_addresses(&call, logic::add).await
}

/// `PUT /address-groups/{address_group_id}/remove_addresses`.
pub(crate) async fn remove_addresses(call: Call) -> Result<Reply> {
    change_addresses(&call, logic::remove).await
}

type Change = fn(&Connection, Time, AddressGroup, &BTreeSet<IpNet>) -> Result<()>;

async fn change_addresses(call: &Call, change: Change) -> Result<Reply> {
    let (actor, id) = (Actor::of(call)?, call.param(AddressGroup::PARAMETER).to_owned());
    let ranges = changed(&call.body)?;
    let write = move |connection: &Connection| {
        let group = actor.open::<AddressGroup>(connection, &id, &Map::new())?;
        change(connection, actor.now, group, &ranges)?;
        actor.see::<AddressGroup>(connection, &id)
    };
    let (group, _) = call.platform.store.write("address_group", write).await?;
    let rendered = view::ADDRESS_GROUP.render(&group, &Cx::new(call));
    Ok(Reply::json(json!({"address_group": rendered})))
}
