//! `OS::Heat::SoftwareDeploymentGroup` and its relatives: one config on several servers, each by
//! the name that the template gives it.
//!
//! Heat nests a stack of deployments; here the resource has them itself.

use kit::error::Result;
use kit::ids::SoftwareDeploymentId;
use serde_json::{Map, Value};

use super::deploying::{self, Order};
use crate::resources::{Act, Attribute, Look, Pending, Plugin, SHOW_ROW, Updated};
use crate::stack_resources::model::Resource;
use crate::template::Schema;

/// A type of groups of deployments.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) is_structured: bool,
}

/// Every such type; the plural names are the older ones.
pub(crate) static SOFTWARE: Group =
    Group { name: "OS::Heat::SoftwareDeploymentGroup", is_structured: false };
/// See [`SOFTWARE`].
pub(crate) static SOFTWARE_PLURAL: Group =
    Group { name: "OS::Heat::SoftwareDeployments", is_structured: false };
/// See [`SOFTWARE`].
pub(crate) static STRUCTURED: Group =
    Group { name: "OS::Heat::StructuredDeploymentGroup", is_structured: true };
/// See [`SOFTWARE`].
pub(crate) static STRUCTURED_PLURAL: Group =
    Group { name: "OS::Heat::StructuredDeployments", is_structured: true };

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "deploy_stdouts",
        kind: "map",
        description: "A map of Nova names and captured stdouts from the configuration execution to each server.",
    },
    Attribute {
        name: "deploy_stderrs",
        kind: "map",
        description: "A map of Nova names and captured stderrs from the configuration execution to each server.",
    },
    Attribute {
        name: "deploy_status_codes",
        kind: "map",
        description: "A map of Nova names and returned status code from the configuration execution.",
    },
    SHOW_ROW,
];

/// Where it keeps its deployments, by name.
const DEPLOYMENTS: &str = "deployments";
/// Where it keeps the names of those that the action under way has set in motion.
const DEPLOYING: &str = "deploying";

impl Plugin for Group {
    fn name(&self) -> &'static str {
        self.name
    }

    fn schema(&self) -> Schema {
        deploying::schema(true, self.is_structured)
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    /// The outputs of its config, whatever they are called.
    fn has_any_attribute(&self) -> bool {
        true
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        act.take_own_name();
        self.deploy(act, "CREATE")
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        _: &[String],
    ) -> Result<Updated> {
        act.resource.properties.clone_from(properties);
        let servers = properties.get("servers").and_then(Value::as_object);
        forget_unless(act, |name| servers.is_some_and(|servers| servers.contains_key(name)))?;
        self.deploy(act, "UPDATE")?;
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        self.deploy(act, "DELETE")?;
        let moving = moving(act.resource);
        forget_unless(act, |name| moving.iter().any(|other| other == name))
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

    fn pending(&self, look: &Look<'_>) -> Result<Pending> {
        let moving = moving(look.resource);
        let mut waits = Pending::Over;
        for (name, id) in deployments(look.resource) {
            if moving.contains(&name) {
                match deploying::pending(look.hand.connection, &id)? {
                    Pending::Over => {}
                    pending @ Pending::For(..) => waits = pending,
                }
            }
        }
        Ok(waits)
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        let output = match name {
            "show" => return Ok(Value::Null),
            "deploy_stdouts" => "deploy_stdout",
            "deploy_stderrs" => "deploy_stderr",
            "deploy_status_codes" => "deploy_status_code",
            other => other,
        };
        let of =
            |(name, id)| Ok((name, deploying::output(look.hand.connection, Some(&id), output)?));
        let outputs = deployments(look.resource).into_iter().map(of);
        Ok(Value::Object(outputs.collect::<Result<_>>()?))
    }
}

impl Group {
    /// Runs the config on every server if it is for that action.
    fn deploy(&self, act: &mut Act<'_>, action: &'static str) -> Result<()> {
        let properties = act.resource.properties.clone();
        let servers = properties.get("servers").and_then(Value::as_object);
        let mut known: Map<String, Value> = Map::new();
        let mut moving = Vec::new();
        let existing = deployments(act.resource);
        for (name, server) in servers.into_iter().flatten() {
            let existing = existing.iter().find(|(known, _)| known == name);
            let existing = existing.map(|(_, id)| id.clone());
            known.extend(existing.iter().map(|id| (name.clone(), Value::from(id.as_str()))));
            if action == "DELETE" && !deploying::is_reachable(act, existing.as_ref())? {
                continue;
            }
            let order = Order {
                server: server.as_str().unwrap_or_default(),
                action,
                properties: &properties,
                is_structured: self.is_structured,
                existing,
            };
            if let Some(id) = deploying::deploy(act, &order)? {
                known.insert(name.clone(), Value::from(id.as_str()));
                moving.push(Value::from(name.as_str()));
            }
        }
        act.resource.data.insert(DEPLOYMENTS.to_owned(), Value::Object(known));
        act.resource.data.insert(DEPLOYING.to_owned(), Value::Array(moving));
        Ok(())
    }
}

fn deployments(resource: &Resource) -> Vec<(String, SoftwareDeploymentId)> {
    let kept = resource.data.get(DEPLOYMENTS).and_then(Value::as_object);
    let read = |(name, id): (&String, &Value)| {
        Some((name.clone(), SoftwareDeploymentId::from(id.as_str()?)))
    };
    kept.into_iter().flatten().filter_map(read).collect()
}

fn moving(resource: &Resource) -> Vec<String> {
    let kept = resource.data.get(DEPLOYING).and_then(Value::as_array);
    kept.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Forgets the deployments whose names are not to stay.
fn forget_unless(act: &mut Act<'_>, stays: impl Fn(&str) -> bool) -> Result<()> {
    for (name, id) in deployments(act.resource) {
        if stays(&name) {
            continue;
        }
        deploying::forget(act.hand.connection, Some(&id))?;
        if let Some(Value::Object(kept)) = act.resource.data.get_mut(DEPLOYMENTS) {
            kept.remove(&name);
        }
    }
    Ok(())
}
