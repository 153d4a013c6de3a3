//! `/security-group-rules`: what passed the table becomes logic.

use kit::Result;
use kit::error::Error;
use kit::http::{Call, Reply, View};
use kit::ids::{ProjectId, SecurityGroupRuleId};
use kit::policy::{Guarded, Rule, Target};
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::attributes::ATTRIBUTES;
use super::model::{NewRule, SecurityGroupRule};
use super::{logic, store, view};
use crate::address_groups::model::AddressGroup;
use crate::attributes::Attribute;
use crate::resource::{self, Actor, Resource};
use crate::security_groups::api::ensure_default;
use crate::security_groups::model::SecurityGroup;
use crate::{errors, policy, quotas};

/// `GET /security-group-rules`. The first look makes the project's default group.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    ensure_default(&call).await?;
    resource::index::<SecurityGroupRule>(call).await
}

impl Resource for SecurityGroupRule {
    const NAME: &'static str = "security_group_rule";
    const COLLECTION: &'static str = "security_group_rules";
    const PATH: &'static str = "/security-group-rules";
    const PARAMETER: &'static str = "security_group_rule_id";
    const ATTRIBUTES: &'static [Attribute] = ATTRIBUTES;
    const VIEW: &'static View<Self> = &view::RULE;
    const GET: &'static Rule = &policy::GET_SECURITY_GROUP_RULE;

    fn get(connection: &Connection, id: &str) -> Result<Option<Guarded<Self>>> {
        store::get(connection, &SecurityGroupRuleId::from(id))
    }

    fn list(connection: &Connection, project: Option<&ProjectId>) -> Result<Vec<Guarded<Self>>> {
        let rows = store::rows(connection, project)?;
        Ok(rows.into_iter().map(Self::guarded).collect())
    }

    fn not_found(id: &str) -> Error {
        errors::rule_not_found(&SecurityGroupRuleId::from(id))
    }

    fn revision(&self) -> i64 {
        self.revision
    }

    fn create(actor: &Actor, connection: &Connection, given: Map<String, Value>) -> Result<Self> {
        let owner = Actor::owner(&given);
        let new: NewRule = serde_json::from_value(Value::Object(given.clone()))?;
        let group = new.security_group_id.as_str();
        let group: SecurityGroup = actor.see_parent(connection, group)?;
        let target = Target::project(&owner).with("security_group:project_id", &group.project);
        actor.may_create::<Self>(&target, &given)?;
        if let Some(remote) = &new.remote_group_id {
            actor.see::<SecurityGroup>(connection, remote.as_str())?;
        }
        if let Some(remote) = &new.remote_address_group_id {
            actor.see::<AddressGroup>(connection, remote.as_str())?;
        }
        quotas::check(&actor.platform, connection, &owner, &[("security_group_rule", 1)])?;
        logic::create(connection, actor.now, &group, new)
    }

    /// Rules are made and deleted, never changed; no operation leads here.
    fn update(self, _: &Actor, _: &Connection, _: Map<String, Value>) -> Result<()> {
        Err(Error::not_implemented("A security group rule cannot be updated."))
    }

    fn delete(self, actor: &Actor, connection: &Connection) -> Result<()> {
        logic::delete(connection, actor.now, &self)
    }
}
