//! `/security-groups`: what passed the table becomes logic.

use kit::Result;
use kit::error::Error;
use kit::http::{Call, Reply, View};
use kit::ids::{ProjectId, SecurityGroupId};
use kit::policy::{Guarded, Rule, Target};
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::attributes::ATTRIBUTES;
use super::model::{GroupChange, NewGroup, SecurityGroup};
use super::{logic, store, view};
use crate::attributes::Attribute;
use crate::listing::store::Pages;
use crate::rbac_policies::model::Shares;
use crate::resource::{self, Actor, Resource, is_admin};
use crate::{errors, policy, quotas};

/// `GET /security-groups`. The first look at a project's groups makes its default group.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    ensure_default(&call).await?;
    resource::index::<SecurityGroup>(call).await
}

/// Makes the default group of the caller's project, if it has none yet; of that by which an
/// administrator filters.
pub(crate) async fn ensure_default(call: &Call) -> Result<()> {
    let caller = call.caller()?;
    let named = call.query("project_id").or_else(|| call.query("tenant_id"));
    let named = named.filter(|_| is_admin(&call.platform, caller)).map(ProjectId::from);
    let Some(project) = named.or_else(|| caller.project().cloned()) else {
        return Ok(());
    };
    let wanted = project.clone();
    let store = &call.platform.store;
    if store.read(move |connection| store::default_of(connection, &wanted)).await?.is_some() {
        return Ok(());
    }
    let now = call.platform.clock.now();
    let write = move |connection: &Connection| logic::ensure_default(connection, now, &project);
    store.write("security_group", write).await?;
    Ok(())
}

impl Resource for SecurityGroup {
    const NAME: &'static str = "security_group";
    const COLLECTION: &'static str = "security_groups";
    const PATH: &'static str = "/security-groups";
    const PARAMETER: &'static str = "security_group_id";
    const ATTRIBUTES: &'static [Attribute] = ATTRIBUTES;
    const VIEW: &'static View<Self> = &view::SECURITY_GROUP;
    const GET: &'static Rule = &policy::GET_SECURITY_GROUP;
    const PAGES: Option<&'static Pages> = Some(&store::PAGES);

    fn get(connection: &Connection, id: &str) -> Result<Option<Guarded<Self>>> {
        store::get(connection, &SecurityGroupId::from(id))
    }

    fn list(connection: &Connection, project: Option<&ProjectId>) -> Result<Vec<Guarded<Self>>> {
        store::list(connection, project)
    }

    fn not_found(id: &str) -> Error {
        errors::security_group_not_found(&SecurityGroupId::from(id))
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
        logic::ensure_default(connection, actor.now, &owner)?;
        let wanted = [("security_group", 1), ("security_group_rule", logic::FIRST_RULES)];
        quotas::check(&actor.platform, connection, &owner, &wanted)?;
        let new: NewGroup = serde_json::from_value(Value::Object(given))?;
        logic::create(connection, actor.now, &owner, new)
    }

    fn update(
        self,
        actor: &Actor,
        connection: &Connection,
        given: Map<String, Value>,
    ) -> Result<()> {
        let change: GroupChange = serde_json::from_value(Value::Object(given))?;
        logic::update(connection, actor.now, self, change)
    }

    fn delete(self, actor: &Actor, connection: &Connection) -> Result<()> {
        logic::delete(connection, &self, actor.is_admin())
    }
}
