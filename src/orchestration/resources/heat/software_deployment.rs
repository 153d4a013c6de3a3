//! `OS::Heat::SoftwareDeployment` and `StructuredDeployment`: a config is run on a server whenever
//! something is done to the resource that `actions` names.
//!
//! The visit waits for the end of the deployment ([`crate::software_deployments`]), which runs in
//! the guest without an agent.

use futures_util::future::BoxFuture;
use kit::error::Result;
use kit::ids::SoftwareDeploymentId;
use kit::workflow::{Context, Failure};
use serde_json::{Map, Value};

use super::deploying::{self, Order};
use crate::resources::{Act, Attribute, Look, Pending, Plugin, SHOW_ROW, Signalled, Updated};
use crate::software_deployments::{logic, store};
use crate::stack_resources::model::Resource;
use crate::stack_users::{self, HEAT_SIGNAL};
use crate::stacks::model::Action;
use crate::template::Schema;

/// A type of deployments.
pub(crate) struct Deployment {
    pub(crate) name: &'static str,
    /// Its config is no text: inputs are put into it before it goes to the server.
    pub(crate) is_structured: bool,
}

/// `OS::Heat::SoftwareDeployment`.
pub(crate) static SOFTWARE: Deployment =
    Deployment { name: "OS::Heat::SoftwareDeployment", is_structured: false };
/// `OS::Heat::StructuredDeployment`.
pub(crate) static STRUCTURED: Deployment =
    Deployment { name: "OS::Heat::StructuredDeployment", is_structured: true };

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "deploy_stdout",
        kind: "string",
        description: "Captured stdout from the configuration execution.",
    },
    Attribute {
        name: "deploy_stderr",
        kind: "string",
        description: "Captured stderr from the configuration execution.",
    },
    Attribute {
        name: "deploy_status_code",
        kind: "string",
        description: "Returned status code from the configuration execution.",
    },
    SHOW_ROW,
];

/// Where it keeps whether the action that is under way runs the config.
const DEPLOYING: &str = "deploying";

impl Plugin for Deployment {
    fn name(&self) -> &'static str {
        self.name
    }

    fn schema(&self) -> Schema {
        deploying::schema(false, self.is_structured)
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    /// The outputs of its config, whatever they are called.
    fn has_any_attribute(&self) -> bool {
        true
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        self.deploy(act, "CREATE")
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        _: &[String],
    ) -> Result<Updated> {
        if deploying::wants_another(act, id(act.resource).as_ref(), properties)? {
            return Ok(Updated::Replace);
        }
        act.resource.properties.clone_from(properties);
        self.deploy(act, "UPDATE")?;
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        if deploying::is_reachable(act, id(act.resource).as_ref())? {
            self.deploy(act, "DELETE")?;
        } else {
            act.resource.data.remove(DEPLOYING);
        }
        if act.resource.data.get(DEPLOYING) == Some(&Value::Bool(true)) {
            return Ok(());
        }
        deploying::forget(act.hand.connection, id(act.resource).as_ref())
    }

    fn check_adopted(&self, look: &Look<'_>, physical: &str) -> Result<()> {
        let id = SoftwareDeploymentId::from(physical);
        let found = store::get_for_system(look.hand.connection, &id)?;
        let is_own = found.is_some_and(|row| row.project == look.stack.project);
        if is_own { Ok(()) } else { Err(logic::not_found(&id)) }
    }

    fn suspend(&self, act: &mut Act<'_>) -> Result<()> {
        self.deploy(act, "SUSPEND")
    }

    fn resume(&self, act: &mut Act<'_>) -> Result<()> {
        self.deploy(act, "RESUME")
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        act.resource.data.remove(DEPLOYING);
        Ok(())
    }

    /// A script may be run at any of them, and says how it went.
    fn takes_signals_after(&self, _: Action) -> bool {
        true
    }

    fn signal(&self, act: &mut Act<'_>, details: &Value) -> Result<Signalled> {
        let Some(id) = id(act.resource) else { return Ok(Signalled::Nothing) };
        let found = store::get_for_system(act.hand.connection, &id)?;
        let mut row = found.ok_or_else(|| logic::not_found(&id))?;
        let said = logic::take(act.hand.connection, act.hand.now, &mut row, details)?;
        Ok(said.map_or(Signalled::Heard, Signalled::Said))
    }

    fn pending(&self, look: &Look<'_>) -> Result<Pending> {
        let Some(id) = id(look.resource) else { return Ok(Pending::Over) };
        if look.resource.data.get(DEPLOYING) != Some(&Value::Bool(true)) {
            return Ok(Pending::Over);
        }
        deploying::pending(look.hand.connection, &id)
    }

    fn cancel(&self, look: &Look<'_>) -> Result<()> {
        let hand = look.hand;
        deploying::cancel(hand.connection, hand.now, id(look.resource).as_ref())
    }

    fn observe(
        &self,
        context: Context,
        resource: Resource,
    ) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
        stack_users::remove_after(context, resource)
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        deploying::output(look.hand.connection, id(look.resource).as_ref(), name)
    }
}

impl Deployment {
    /// Runs the config if it is for that action.
    fn deploy(&self, act: &mut Act<'_>, action: &'static str) -> Result<()> {
        let properties = act.resource.properties.clone();
        if properties.get("signal_transport").is_some_and(|transport| transport == HEAT_SIGNAL) {
            stack_users::make(act)?;
        }
        let server = properties.get("server").and_then(Value::as_str).unwrap_or_default();
        let order = Order {
            server,
            action,
            properties: &properties,
            is_structured: self.is_structured,
            existing: id(act.resource),
        };
        let deployed = deploying::deploy(act, &order)?;
        act.resource.data.insert(DEPLOYING.to_owned(), Value::Bool(deployed.is_some()));
        if let Some(id) = deployed {
            act.resource.physical = Some(id.to_string());
        }
        Ok(())
    }
}

fn id(resource: &Resource) -> Option<SoftwareDeploymentId> {
    resource.physical.as_deref().map(SoftwareDeploymentId::from)
}
