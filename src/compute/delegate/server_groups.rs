//! Server groups.

use kit::error::Result;
use kit::ids::ServerGroupId;
use serde_json::Value;

use super::Delegate;
use crate::policy;
use crate::server_groups::{api, logic, model::ServerGroup, store, view};

impl Delegate<'_> {
    /// Makes the group of a body's `server_group`.
    pub fn create_server_group(&self, given: &Value) -> Result<ServerGroupId> {
        self.authorize(&policy::SERVER_GROUPS_CREATE)?;
        let group = api::from_body(given, self.caller)?;
        logic::create(self.connection, &self.platform.quotas, &group)?;
        Ok(group.id)
    }

    /// The group as the API shows it.
    pub fn show_server_group(&self, id: &ServerGroupId) -> Result<Value> {
        let group = self.open_group(id, &policy::SERVER_GROUPS_SHOW)?;
        Ok(self.render(&view::DETAIL, &group))
    }

    /// Removes a group.
    pub fn delete_server_group(&self, id: &ServerGroupId) -> Result<()> {
        self.open_group(id, &policy::SERVER_GROUPS_DELETE)?;
        logic::delete(self.connection, id)
    }

    fn open_group(
        &self,
        id: &ServerGroupId,
        rule: &'static kit::policy::Rule,
    ) -> Result<ServerGroup> {
        let visible_to = policy::visible_to(&self.platform.policy, self.caller);
        let found = store::get(self.connection, id, visible_to.as_ref())?;
        let guarded = found.ok_or_else(|| logic::not_found(id))?;
        guarded.open(&self.platform.policy, self.caller, rule)
    }
}
