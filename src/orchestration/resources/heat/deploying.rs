//! What the types of deployments share: from properties to a derived config and a deployment.

use compute::facade::{Presence, presence};
use kit::clock::Time;
use kit::error::{Error, Result};
use kit::ids::{ServerId, SoftwareConfigId, SoftwareDeploymentId};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use crate::resources::{Act, Look, Pending};
use crate::signals::urls::{self, Kind};
use crate::software_configs::model::SoftwareConfig;
use crate::software_configs::{logic as configs, store as config_store};
use crate::software_deployments::model::{COMPLETE, Deployment, FAILED, IN_PROGRESS};
use crate::software_deployments::{logic, store};
use crate::stack_users::{self, HEAT_SIGNAL};
use crate::template::{Property, Schema};

/// What Heat says of a deployment whose end nobody waits for any more.
const CANCELLED: &str = "Deployment cancelled.";

/// What is to be done where.
pub(super) struct Order<'a> {
    pub(super) server: &'a str,
    pub(super) action: &'static str,
    pub(super) properties: &'a Map<String, Value>,
    pub(super) is_structured: bool,
    /// The deployment of an earlier action.
    pub(super) existing: Option<SoftwareDeploymentId>,
}

/// The properties of deployments on one server, or on several.
pub(super) fn schema(several: bool, is_structured: bool) -> Schema {
    let server = if several {
        Property::map("servers").required().updatable().described("A map of names and server IDs to apply configuration to. The name is arbitrary and is used as the Heat resource name for the corresponding deployment.")
    } else {
        Property::string("server").required().described(
            "ID of resource to apply configuration to. Normally this should be a Nova server ID.",
        )
    };
    let common = [
        server,
        Property::string("config").updatable().described("ID of software configuration resource to execute when applying to the server."),
        Property::map("input_values").updatable().described("Input values to apply to the software configuration on this server."),
        Property::list("actions")
            .default(vec![Value::from("CREATE"), Value::from("UPDATE")])
            .updatable()
            .allowed(["CREATE", "UPDATE", "DELETE", "SUSPEND", "RESUME"])
            .described("Which lifecycle actions of the deployment resource will result in this deployment being triggered."),
        Property::string("name").updatable().described("Name of the derived config associated with this deployment. This is used to apply a sort order to the list of configurations currently deployed to a server."),
        Property::string("signal_transport")
            .default("CFN_SIGNAL")
            .allowed(["CFN_SIGNAL", "TEMP_URL_SIGNAL", "HEAT_SIGNAL", "NO_SIGNAL", "ZAQAR_SIGNAL"])
            .described("How the server should signal to heat with the deployment output values. CFN_SIGNAL will allow an HTTP POST to a CFN keypair signed URL. TEMP_URL_SIGNAL will create a Swift TempURL to be signaled via HTTP PUT. HEAT_SIGNAL will allow calls to the Heat API resource-signal using the provided keystone credentials. ZAQAR_SIGNAL will create a dedicated zaqar queue to be signaled using the provided keystone credentials. NO_SIGNAL will result in the resource going to the COMPLETE state without waiting for any signal."),
    ];
    let structured = [
        Property::string("input_key").default("get_input").described("Name of key to use for substituting inputs during deployment."),
        Property::string("input_values_validate").default("LAX").allowed(["LAX", "STRICT"]).described("Perform a check on the input values passed to verify that each required input has a corresponding value. When the property is set to STRICT and no value is passed, an exception is raised."),
    ];
    Schema::of(common.into_iter().chain(structured.into_iter().filter(|_| is_structured)))
}

/// Sets a deployment in motion if its config is for that action.
pub(super) fn deploy(act: &Act<'_>, order: &Order<'_>) -> Result<Option<SoftwareDeploymentId>> {
    let connection = act.hand.connection;
    let source = source(connection, order.properties)?;
    let Some((group, config)) = chosen(source.as_ref(), order) else { return Ok(None) };
    let derived = derived(act, order, source.as_ref(), group, config)?;
    config_store::insert(connection, &derived)?;
    let waits = text(order.properties, "signal_transport") != Some("NO_SIGNAL");
    let (status, reason) = if waits {
        (IN_PROGRESS, "Deploy data available")
    } else {
        (COMPLETE, "Not waiting for outputs signal")
    };
    let request_id = &act.stack.request_id;
    let existing = existing(connection, order.existing.as_ref())?;
    let earlier = existing.as_ref().map(|row| row.config.clone());
    let mut row = existing.unwrap_or_else(|| fresh(act, order, &derived));
    row.config = derived.id;
    row.action = Some(order.action.to_owned());
    row.status = Some(status.to_owned());
    row.status_reason = Some(reason.to_owned());
    match earlier {
        None => logic::create(connection, act.hand.now, request_id, &mut row)?,
        Some(earlier) => {
            row.updated_at = Some(act.hand.now);
            store::save(connection, &row)?;
            config_store::delete(connection, &earlier)?;
            logic::set_in_motion(connection, act.hand.now, request_id, &mut row)?;
        }
    }
    Ok(Some(row.id).filter(|_| waits || order.action == "CREATE"))
}

fn fresh(act: &Act<'_>, order: &Order<'_>, config: &SoftwareConfig) -> Deployment {
    let object = || Value::Object(Map::new());
    Deployment {
        id: SoftwareDeploymentId::random(),
        project: act.stack.project.clone(),
        user: act.stack.trust.user.clone(),
        server: order.server.to_owned(),
        config: config.id.clone(),
        run: 0,
        input_values: order.properties.get("input_values").cloned().unwrap_or_else(object),
        output_values: Value::Null,
        action: None,
        status: None,
        status_reason: None,
        created_at: act.hand.now,
        updated_at: None,
    }
}

fn existing(
    connection: &Connection,
    id: Option<&SoftwareDeploymentId>,
) -> Result<Option<Deployment>> {
    id.map_or(Ok(None), |id| store::get_for_system(connection, id))
}

/// The config that the properties name.
fn source(
    connection: &Connection,
    properties: &Map<String, Value>,
) -> Result<Option<SoftwareConfig>> {
    let Some(id) = text(properties, "config") else { return Ok(None) };
    let found = config_store::get_for_system(connection, &SoftwareConfigId::from(id))?;
    found.map(Some).ok_or_else(configs::not_found)
}

fn text<'a>(properties: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    properties.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// Tool and config for the action; `None` where there is nothing to do. A component has one for
/// each of several actions.
fn chosen(source: Option<&SoftwareConfig>, order: &Order<'_>) -> Option<(String, Value)> {
    let names = |list: Option<&Value>| {
        let mut names = list.and_then(Value::as_array).into_iter().flatten();
        names.any(|name| name == order.action)
    };
    if let Some(source) = source.filter(|source| source.group == "component") {
        let parts = source.config.get("configs").and_then(Value::as_array);
        let part = parts?.iter().find(|part| names(part.get("actions")))?;
        let tool = part.get("tool").and_then(Value::as_str).unwrap_or_default();
        return Some((tool.to_owned(), part.get("config").cloned().unwrap_or_default()));
    }
    if !names(order.properties.get("actions")) {
        return None;
    }
    let group = source.map_or("Heat::Ungrouped", |source| source.group.as_str());
    Some((group.to_owned(), source.map(|source| source.config.clone()).unwrap_or_default()))
}

/// The config as this server gets it: with the values of its inputs.
fn derived(
    act: &Act<'_>,
    order: &Order<'_>,
    source: Option<&SoftwareConfig>,
    group: String,
    config: Value,
) -> Result<SoftwareConfig> {
    let inputs = inputs(act, order, source)?;
    let config = if order.is_structured { put_in(&config, order, &inputs)? } else { config };
    let name = text(order.properties, "name").map(str::to_owned);
    let name = name.or_else(|| source.map(|source| source.name.clone()));
    Ok(SoftwareConfig {
        id: SoftwareConfigId::random(),
        project: act.stack.project.clone(),
        name: name.unwrap_or_else(|| act.resource.physical_name(act.stack, 255)),
        group,
        config: if config.is_null() { Value::from("") } else { config },
        inputs,
        outputs: source.map(|source| source.outputs.clone()).unwrap_or_default(),
        options: source.map_or_else(|| Value::Object(Map::new()), |source| source.options.clone()),
        created_at: act.hand.now,
    })
}

fn inputs(act: &Act<'_>, order: &Order<'_>, source: Option<&SoftwareConfig>) -> Result<Vec<Value>> {
    let given = order.properties.get("input_values").and_then(Value::as_object);
    let mut given = given.cloned().unwrap_or_default();
    let mut inputs = Vec::new();
    for input in source.iter().flat_map(|source| &source.inputs) {
        let name = configs::name(input);
        let default = || input.get("default").cloned().unwrap_or_default();
        let value = given.remove(name).unwrap_or_else(default);
        let mut input = input.clone();
        if let Value::Object(members) = &mut input {
            members.insert("value".to_owned(), value);
        }
        inputs.push(input);
    }
    for (name, value) in given {
        inputs.push(json!({"name": name, "type": "String", "value": value}));
    }
    inputs.extend(facts(act, order)?);
    Ok(inputs)
}

/// What a deployment is told that signals by an account, and where the account has it.
static LOGIN: &[(&str, &str, &str)] = &[
    ("deploy_auth_url", "auth_url", "URL for API authentication"),
    ("deploy_username", "username", "Username for API authentication"),
    ("deploy_user_id", "user_id", "User ID for API authentication"),
    ("deploy_password", "password", "Password for API authentication"),
    ("deploy_project_id", "project_id", "ID of project for API authentication"),
    ("deploy_region_name", "region_name", "Region name for API authentication"),
];

/// What every deployment is told besides.
fn facts(act: &Act<'_>, order: &Order<'_>) -> Result<Vec<Value>> {
    let transport = text(order.properties, "signal_transport").unwrap_or_default();
    let stack = format!("{}/{}", act.stack.name, act.stack.id);
    let mut facts = vec![
        ("deploy_server_id", order.server.to_owned(), "ID of the server being deployed to"),
        ("deploy_action", order.action.to_owned(), "Name of the current action being deployed"),
        ("deploy_stack_id", stack, "ID of the stack this deployment belongs to"),
        (
            "deploy_resource_name",
            act.resource.name.clone(),
            "Name of this deployment resource in the stack",
        ),
        (
            "deploy_signal_transport",
            transport.to_owned(),
            "How the server should signal to heat with the deployment output values.",
        ),
    ];
    let look = Look { hand: act.hand, stack: act.stack, resource: act.resource };
    let signal = match transport {
        "CFN_SIGNAL" => Some((urls::signed(&look, Kind::Signal)?, "POST")),
        "TEMP_URL_SIGNAL" => Some((urls::temporary(&look)?, "PUT")),
        _ => None,
    };
    if let Some((url, verb)) = signal {
        facts.push(("deploy_signal_id", url, "ID of signal to use for signaling output values"));
        let what = "HTTP verb to use for signaling output values";
        facts.push(("deploy_signal_verb", verb.to_owned(), what));
    }
    let login = match transport {
        HEAT_SIGNAL => stack_users::credentials(&look)?,
        _ => Map::new(),
    };
    for (name, key, what) in LOGIN {
        if let Some(Value::String(text)) = login.get(*key) {
            facts.push((name, text.clone(), what));
        }
    }
    let fact = |(name, value, what)| json!({"name": name, "description": what, "type": "String", "value": value});
    Ok(facts.into_iter().map(fact).collect())
}

/// Puts values where the config asks for inputs (`{get_input: NAME}`).
fn put_in(config: &Value, order: &Order<'_>, inputs: &[Value]) -> Result<Value> {
    let key = text(order.properties, "input_key").unwrap_or("get_input");
    let strict = text(order.properties, "input_values_validate") == Some("STRICT");
    replace(config, key, &|name| {
        let found = inputs.iter().find(|input| configs::name(input) == name);
        let value = found.and_then(|input| input.get("value")).filter(|value| !value.is_null());
        match value {
            None if strict => {
                let sentence = format!("Required input \"{name}\" was not specified.");
                Err(Error::bad_request(sentence).tag("UserParameterMissing"))
            }
            value => Ok(value.cloned().unwrap_or_default()),
        }
    })
}

fn replace(config: &Value, key: &str, value: &impl Fn(&str) -> Result<Value>) -> Result<Value> {
    match config {
        Value::Object(members) => {
            let asked = members.get(key).and_then(Value::as_str).filter(|_| members.len() == 1);
            if let Some(name) = asked {
                return value(name);
            }
            let pairs = members
                .iter()
                .map(|(name, member)| Ok((name.clone(), replace(member, key, value)?)));
            Ok(Value::Object(pairs.collect::<Result<_>>()?))
        }
        Value::Array(items) => items.iter().map(|item| replace(item, key, value)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(config.clone()),
    }
}

/// Whether an input has changed that asks for another deployment then.
pub(super) fn wants_another(
    act: &Act<'_>,
    existing: Option<&SoftwareDeploymentId>,
    properties: &Map<String, Value>,
) -> Result<bool> {
    let connection = act.hand.connection;
    let Some(row) = self::existing(connection, existing)? else { return Ok(false) };
    let Some(old) = config_store::get_for_system(connection, &row.config)? else {
        return Ok(false);
    };
    let Some(source) = source(connection, properties)? else { return Ok(false) };
    let changed = |input: &&Value| {
        let name = configs::name(input);
        let value = properties.get("input_values").and_then(|values| values.get(name));
        let value = value.or_else(|| input.get("default")).cloned().unwrap_or_default();
        let before = old.inputs.iter().find(|old| configs::name(old) == name);
        before.is_some_and(|before| before.get("value") != Some(&value))
    };
    let asks = |input: &&Value| input.get("replace_on_change") == Some(&Value::Bool(true));
    Ok(source.inputs.iter().filter(asks).any(|input| changed(&input)))
}

/// Whether the server of a deployment is still there.
pub(super) fn is_reachable(act: &Act<'_>, id: Option<&SoftwareDeploymentId>) -> Result<bool> {
    let Some(row) = existing(act.hand.connection, id)? else { return Ok(false) };
    let server = ServerId::from(row.server.as_str());
    Ok(presence(act.hand.connection, &row.project, &server)? != Presence::Absent)
}

/// Removes a deployment with its config; what still runs in the guest is not listened to.
pub(super) fn forget(connection: &Connection, id: Option<&SoftwareDeploymentId>) -> Result<()> {
    let Some(row) = existing(connection, id)? else { return Ok(()) };
    store::delete(connection, &row.id)?;
    config_store::delete(connection, &row.config)
}

/// Whether a deployment has ended; an error if it has, badly.
pub(super) fn pending(connection: &Connection, id: &SoftwareDeploymentId) -> Result<Pending> {
    let Some(row) = store::get_for_system(connection, id)? else { return Ok(Pending::Over) };
    match row.status.as_deref() {
        Some(FAILED) => {
            let reason = row.status_reason.unwrap_or_default();
            let sentence = format!("Deployment to server failed: {reason}");
            Err(Error::conflict(sentence).tag("Error"))
        }
        Some(IN_PROGRESS) => Ok(Pending::For(row.target(), None)),
        Some(_) | None => Ok(Pending::Over),
    }
}

/// Ends a deployment whose end nobody waits for any more (Heat's `_handle_cancel`).
pub(super) fn cancel(
    connection: &Connection,
    now: Time,
    id: Option<&SoftwareDeploymentId>,
) -> Result<()> {
    match existing(connection, id)?.filter(Deployment::is_in_progress) {
        Some(mut row) => logic::end(connection, now, &mut row, FAILED, CANCELLED.to_owned()),
        None => Ok(()),
    }
}

/// What a deployment gave under that name.
pub(super) fn output(
    connection: &Connection,
    id: Option<&SoftwareDeploymentId>,
    name: &str,
) -> Result<Value> {
    let row = existing(connection, id)?;
    Ok(row.and_then(|row| row.output_values.get(name).cloned()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_put_where_a_structured_config_asks_for_them() {
        let config = json!({"a": [{"get_input": "x"}], "b": {"get_input": "y", "c": 1}});
        let value = |name: &str| Ok(json!(format!("<{name}>")));
        let put = replace(&config, "get_input", &value).unwrap();
        assert_eq!(put, json!({"a": ["<x>"], "b": {"get_input": "y", "c": 1}}));
    }
}
