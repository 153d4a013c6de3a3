//! A software deployment as it is kept.

use kit::clock::Time;
use kit::ids::{ProjectId, SoftwareConfigId, SoftwareDeploymentId, UserId};
use serde_json::Value;

/// It is to be done, or is being done.
pub(crate) const IN_PROGRESS: &str = "IN_PROGRESS";
/// It went well.
pub(crate) const COMPLETE: &str = "COMPLETE";
/// It did not.
pub(crate) const FAILED: &str = "FAILED";

/// What every deployment gives, whatever its config says.
pub(crate) static OUTPUTS: &[&str] = &["deploy_stdout", "deploy_stderr", STATUS_CODE];
/// How the tool ended.
pub(crate) const STATUS_CODE: &str = "deploy_status_code";

/// A deployment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Deployment {
    pub(crate) id: SoftwareDeploymentId,
    pub(crate) project: ProjectId,
    /// Who asked.
    pub(crate) user: UserId,
    /// A server, maybe none of ours.
    pub(crate) server: String,
    pub(crate) config: SoftwareConfigId,
    /// How often it was set in motion: each time is an operation of its own.
    pub(crate) run: i64,
    pub(crate) input_values: Value,
    pub(crate) output_values: Value,
    pub(crate) action: Option<String>,
    /// Clients may say what they like; ours are the three above.
    pub(crate) status: Option<String>,
    pub(crate) status_reason: Option<String>,
    pub(crate) created_at: Time,
    pub(crate) updated_at: Option<Time>,
}

impl Deployment {
    /// What whoever waits for its end names.
    pub(crate) fn target(&self) -> String {
        format!("deployment:{}", self.id)
    }

    /// Whether its end is still to come.
    pub(crate) fn is_in_progress(&self) -> bool {
        self.status.as_deref() == Some(IN_PROGRESS)
    }
}
