//! `/address-scopes`: what passed the table becomes logic.

use kit::Result;
use kit::error::Error;
use kit::http::View;
use kit::ids::{AddressScopeId, ProjectId};
use kit::policy::{Guarded, Rule, Target};
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::attributes::ATTRIBUTES;
use super::model::{AddressScope, AddressScopeChange, NewAddressScope};
use super::{errors, logic, store, view};
use crate::attributes::Attribute;
use crate::policy;
use crate::rbac_policies::model::Shares;
use crate::resource::{Actor, Resource};

impl Resource for AddressScope {
    const NAME: &'static str = "address_scope";
    const COLLECTION: &'static str = "address_scopes";
    const PATH: &'static str = "/address-scopes";
    const PARAMETER: &'static str = "address_scope_id";
    const ATTRIBUTES: &'static [Attribute] = ATTRIBUTES;
    const VIEW: &'static View<Self> = &view::ADDRESS_SCOPE;
    const GET: &'static Rule = &policy::GET_ADDRESS_SCOPE;

    fn get(connection: &Connection, id: &str) -> Result<Option<Guarded<Self>>> {
        store::get(connection, &AddressScopeId::from(id))
    }

    fn list(connection: &Connection, project: Option<&ProjectId>) -> Result<Vec<Guarded<Self>>> {
        store::list(connection, project)
    }

    fn not_found(id: &str) -> Error {
        errors::not_found(id)
    }

    /// Neutron counts no changes of scopes.
    fn revision(&self) -> i64 {
        0
    }

    fn shares(&self) -> Option<&Shares> {
        Some(&self.shares)
    }

    fn create(actor: &Actor, connection: &Connection, given: Map<String, Value>) -> Result<Self> {
        let owner = Actor::owner(&given);
        actor.may_create::<Self>(&Target::project(&owner), &given)?;
        let new: NewAddressScope = serde_json::from_value(Value::Object(given))?;
        logic::create(connection, &owner, new)
    }

    fn update(self, _: &Actor, connection: &Connection, given: Map<String, Value>) -> Result<()> {
        let change: AddressScopeChange = serde_json::from_value(Value::Object(given))?;
        logic::update(connection, &self, change)
    }

    fn delete(self, _: &Actor, connection: &Connection) -> Result<()> {
        logic::delete(connection, &self.id)
    }
}
