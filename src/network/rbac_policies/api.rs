//! `/rbac-policies`: what passed the table becomes logic.

use kit::Result;
use kit::error::Error;
use kit::http::View;
use kit::ids::{ProjectId, RbacPolicyId};
use kit::policy::{Guarded, Rule, Target};
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::attributes::ATTRIBUTES;
use super::model::{NewPolicy, RbacPolicy};
use super::{errors, logic, store, view};
use crate::attributes::Attribute;
use crate::resource::{Actor, Resource};
use crate::{policy, quotas};

impl Resource for RbacPolicy {
    const NAME: &'static str = "rbac_policy";
    const COLLECTION: &'static str = "rbac_policies";
    const PATH: &'static str = "/rbac-policies";
    const PARAMETER: &'static str = "rbac_policy_id";
    const ATTRIBUTES: &'static [Attribute] = ATTRIBUTES;
    const VIEW: &'static View<Self> = &view::RBAC_POLICY;
    const GET: &'static Rule = &policy::GET_RBAC_POLICY;

    fn get(connection: &Connection, id: &str) -> Result<Option<Guarded<Self>>> {
        store::get(connection, &RbacPolicyId::from(id))
    }

    fn list(connection: &Connection, project: Option<&ProjectId>) -> Result<Vec<Guarded<Self>>> {
        store::list(connection, project)
    }

    fn not_found(id: &str) -> Error {
        errors::not_found(id)
    }

    /// Neutron counts no changes of policies.
    fn revision(&self) -> i64 {
        0
    }

    fn create(actor: &Actor, connection: &Connection, given: Map<String, Value>) -> Result<Self> {
        let owner = Actor::owner(&given);
        let new: NewPolicy = serde_json::from_value(Value::Object(given.clone()))?;
        let target = Target::project(&owner).with("target_tenant", &new.target_tenant);
        actor.may_create::<Self>(&target, &given)?;
        quotas::check(&actor.platform, connection, &owner, &[("rbac_policy", 1)])?;
        logic::create(actor, connection, &owner, new)
    }

    fn update(
        self,
        actor: &Actor,
        connection: &Connection,
        given: Map<String, Value>,
    ) -> Result<()> {
        let wanted = given.get("target_tenant").and_then(Value::as_str).unwrap_or(&self.target);
        // The rule about everybody is asked of what the policy is to become, too.
        let target = Target::project(&self.project).with("target_tenant", wanted);
        actor.may_update::<Self>(&target, &given)?;
        logic::update(actor, connection, &self, wanted)
    }

    fn delete(self, actor: &Actor, connection: &Connection) -> Result<()> {
        logic::delete(actor, connection, &self)
    }
}
