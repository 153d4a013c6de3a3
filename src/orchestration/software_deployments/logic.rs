//! The rules of software deployments: when one is run, and what becomes of what it says.

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::ids::{ServerId, SoftwareDeploymentId};
use kit::workflow::{NewOperation, submit, wake};
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::model::{COMPLETE, Deployment, FAILED, OUTPUTS, STATUS_CODE};
use super::{hooks, run, store};
use crate::software_configs::model::SoftwareConfig;
use crate::software_configs::{logic as configs, store as config_store};
use crate::template::python;

/// How much of what a failed tool said its reason repeats, letters.
const LAST_WORDS: usize = 1000;

/// Heat's sentence for a deployment that is not there.
pub(crate) fn not_found(id: &SoftwareDeploymentId) -> Error {
    Error::not_found(format!("Deployment with id {id} not found")).tag("NotFound")
}

/// The configs of deployments, by name: the order in which an agent applies them.
pub(crate) fn configs_of(
    connection: &Connection,
    deployments: Vec<Deployment>,
) -> Result<Vec<SoftwareConfig>> {
    let mut configs = Vec::new();
    for deployment in deployments {
        configs.extend(config_store::get_for_system(connection, &deployment.config)?);
    }
    configs.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(configs)
}

/// Adds a deployment and sets it in motion. Whether its config may be used was asked before.
pub(crate) fn create(
    connection: &Connection,
    now: Time,
    request_id: &str,
    deployment: &mut Deployment,
) -> Result<()> {
    if config_store::get_for_system(connection, &deployment.config)?.is_none() {
        return Err(configs::not_found());
    }
    store::insert(connection, deployment)?;
    set_in_motion(connection, now, request_id, deployment)
}

/// Runs it, if its server is one of ours and it is known what runs it.
pub(crate) fn set_in_motion(
    connection: &Connection,
    now: Time,
    request_id: &str,
    deployment: &mut Deployment,
) -> Result<()> {
    use compute::facade::{Presence, presence};
    let server = ServerId::from(deployment.server.as_str());
    if presence(connection, &deployment.project, &server)? == Presence::Absent {
        return Ok(());
    }
    let config = config_store::get_for_system(connection, &deployment.config)?;
    if config.is_some_and(|config| hooks::is_for_others(&config)) {
        return Ok(());
    }
    deployment.run += 1;
    store::save(connection, deployment)?;
    let operation = NewOperation {
        workflow: &run::RUN,
        target: format!("{}/{}", deployment.target(), deployment.run),
        project: deployment.project.clone(),
        user: deployment.user.clone(),
        request_id: request_id.to_owned(),
        params: run::Params::of(deployment).to_value()?,
        label: "deploy",
    };
    submit(connection, now, operation)?;
    Ok(())
}

/// Takes what a tool says of how it went; what the event says of that. One that has ended takes
/// nothing more.
pub(crate) fn take(
    connection: &Connection,
    now: Time,
    deployment: &mut Deployment,
    details: &Value,
) -> Result<Option<String>> {
    if !deployment.is_in_progress() {
        return Ok(None);
    }
    let config = config_store::get_for_system(connection, &deployment.config)?;
    let config = config.ok_or_else(configs::not_found)?;
    let (failures, values) = outcome(&config, details);
    let failed = !failures.is_empty();
    deployment.output_values = Value::Object(values);
    let reason = if failed { failures.join(", ") } else { "Outputs received".to_owned() };
    end(connection, now, deployment, if failed { FAILED } else { COMPLETE }, reason)?;
    let word = if failed { "failed" } else { "succeeded" };
    Ok(Some(format!("deployment {} {word}", deployment.id)))
}

/// Keeps what a tool says whose end nobody waited for (`NO_SIGNAL`).
pub(crate) fn keep_outputs(
    connection: &Connection,
    deployment: &mut Deployment,
    details: &Value,
) -> Result<()> {
    let config = config_store::get_for_system(connection, &deployment.config)?;
    if let (Some(config), true) = (config, details.is_object()) {
        deployment.output_values = Value::Object(outcome(&config, details).1);
        store::save(connection, deployment)?;
    }
    Ok(())
}

/// It is over; who waits for it looks again. Of one whose removal is done nothing is left.
pub(crate) fn end(
    connection: &Connection,
    now: Time,
    deployment: &mut Deployment,
    status: &str,
    reason: String,
) -> Result<()> {
    deployment.status = Some(status.to_owned());
    deployment.status_reason = Some(reason);
    deployment.updated_at = Some(now);
    store::save(connection, deployment)?;
    if status == COMPLETE && deployment.action.as_deref() == Some("DELETE") {
        store::delete(connection, &deployment.id)?;
        config_store::delete(connection, &deployment.config)?;
    }
    wake(connection, &deployment.target())
}

/// What went wrong, and what the deployment gives.
fn outcome(config: &SoftwareConfig, details: &Value) -> (Vec<String>, Map<String, Value>) {
    let mut failures = Vec::new();
    let mut values = Map::new();
    let code = details.get(STATUS_CODE).filter(|code| !code.is_null());
    if let Some(code) = code.map(python::text).filter(|code| !matches!(code.as_str(), "" | "0")) {
        failures
            .push(format!("{STATUS_CODE} : Deployment exited with non-zero status code: {code}"));
        failures.extend(last_words(details));
    }
    for output in &config.outputs {
        let name = configs::name(output);
        let Some(value) = details.get(name) else { continue };
        if output.get("error_output").is_some_and(python::truth) {
            failures.push(format!("{name} : {}", python::text(value)));
        }
        values.insert(name.to_owned(), value.clone());
    }
    for name in OUTPUTS {
        let value = details.get(*name).cloned().unwrap_or_default();
        values.insert((*name).to_owned(), value);
    }
    (failures, values)
}

/// The end of what a failed tool complained of: Heat leaves one to look for it.
fn last_words(details: &Value) -> Option<String> {
    let said = details.get("deploy_stderr").and_then(Value::as_str)?.trim();
    let start = said.char_indices().rev().nth(LAST_WORDS - 1).map_or(0, |(index, _)| index);
    let tail = said.get(start..).filter(|tail| !tail.is_empty())?;
    Some(format!("deploy_stderr : {tail}"))
}

#[cfg(test)]
mod tests {
    use kit::ids::{ProjectId, SoftwareConfigId};
    use serde_json::json;

    use super::*;

    fn config(outputs: &Value) -> SoftwareConfig {
        SoftwareConfig {
            id: SoftwareConfigId::random(),
            project: ProjectId::random(),
            name: "c".to_owned(),
            group: "script".to_owned(),
            config: Value::from(""),
            inputs: Vec::new(),
            outputs: configs::outputs(outputs).unwrap(),
            options: json!({}),
            created_at: Time(0),
        }
    }

    #[test]
    fn a_status_code_or_an_error_output_is_a_failure() {
        let config = config(&json!([{"name": "r"}, {"name": "e", "error_output": true}]));
        let (failures, values) = outcome(&config, &json!({"r": 1, "deploy_status_code": 0}));
        assert_eq!(failures, Vec::<String>::new());
        let all = json!({"r": 1, "deploy_stdout": null, "deploy_stderr": null,
            "deploy_status_code": 0});
        assert_eq!(Value::Object(values), all);
        let said = json!({"deploy_status_code": 3, "deploy_stderr": "no disk\n", "e": "x"});
        let (failures, _) = outcome(&config, &said);
        let expected = [
            "deploy_status_code : Deployment exited with non-zero status code: 3",
            "deploy_stderr : no disk",
            "e : x",
        ];
        assert_eq!(failures, expected);
    }

    #[test]
    fn of_long_complaints_the_end_is_repeated() {
        let said = json!({"deploy_stderr": format!("begin{}", "é".repeat(1000))});
        let words = last_words(&said).unwrap();
        assert!(!words.contains("begin") && words.chars().count() == 1016, "{}", words.len());
    }
}
