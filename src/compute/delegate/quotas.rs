//! Limits of projects.

use kit::error::Result;
use kit::ids::ProjectId;
use kit::policy::{Rule, Target};
use serde_json::Value;

use super::Delegate;
use crate::policy;
use crate::quota_sets::{api, logic, model::Holder, view};

impl Delegate<'_> {
    /// Sets the limits of a body's `quota_set`.
    pub fn set_quotas(&self, project: &ProjectId, given: &Value) -> Result<()> {
        let holder = self.holder(project, &policy::QUOTA_SETS_UPDATE)?;
        let update = api::from_body(given)?;
        logic::update(self.connection, &self.platform.quotas, &holder, &update).map(drop)
    }

    /// The limits as the API shows them.
    pub fn show_quotas(&self, project: &ProjectId) -> Result<Value> {
        let holder = self.holder(project, &policy::QUOTA_SETS_SHOW)?;
        let quotas = logic::of_named(self.connection, &self.platform.quotas, &holder)?;
        let version = self.shown().version;
        let shown = view::quota_set(Some(project.as_str()), &quotas, version, view::limit);
        Ok(shown.get("quota_set").cloned().unwrap_or_default())
    }

    /// Gives a project the defaults again.
    pub fn forget_quotas(&self, project: &ProjectId) -> Result<()> {
        let holder = self.holder(project, &policy::QUOTA_SETS_DELETE)?;
        logic::delete(self.connection, &self.platform.quotas, &holder)
    }

    fn holder(&self, project: &ProjectId, rule: &'static Rule) -> Result<Holder> {
        self.platform.policy.authorize(rule, self.caller, &Target::project(project))?;
        Ok(Holder { project: project.clone(), user: None })
    }
}
