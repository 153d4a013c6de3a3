//! `/limits`: rows become an answer.

use std::sync::Arc;

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::ProjectId;
use kit::policy::Target;
use serde_json::json;

use super::view;
use crate::policy;
use crate::quota_sets::logic;
use crate::quota_sets::model::Holder;

/// `GET /limits`; administrators may name another project.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let project = project(&call)?;
    let platform = Arc::clone(&call.platform);
    let quotas = call
        .platform
        .store
        .read(move |db| logic::of(db, &platform.quotas, &Holder { project, user: None }))
        .await?;
    let absolute = view::absolute(&quotas, call.version);
    Ok(Reply::json(json!({"limits": {"rate": [], "absolute": absolute}})))
}

fn project(call: &Call) -> Result<ProjectId> {
    let caller = call.caller()?;
    let Some(asked) = call.query("tenant_id") else {
        return Ok(caller.project().cloned().unwrap_or_else(|| ProjectId::from("")));
    };
    let rule = &policy::LIMITS_OTHER_PROJECT;
    call.platform.policy.authorize(rule, caller, &Target::own(caller))?;
    Ok(ProjectId::from(asked))
}
