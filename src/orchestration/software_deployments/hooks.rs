//! What a deployment does in its guest: the files that it lays down, and the command. PURE.
//!
//! A tool finds its inputs as environment variables and leaves each output in a file
//! `$heat_outputs_path.NAME`. What stands around it makes a second start of the same run wait for
//! the first one: a tool runs once, whatever becomes of us.

use serde_json::{Map, Value};

use crate::guest_tools::{init, word};
use crate::software_configs::logic as configs;
use crate::software_configs::model::{SoftwareConfig, UNGROUPED};
use crate::template::python;

/// Where every run of a deployment has a folder of its own.
const FOLDER: &str = "/var/lib/heat-config/deployments";
/// How much of what a tool says is kept, bytes.
const KEPT_BYTES: u32 = 65_536;

/// What one group of configs wants done.
struct Hook {
    /// The groups that it serves.
    groups: &'static [&'static str],
    /// The file that the config goes into.
    file: &'static str,
    /// What that file holds.
    content: fn(&SoftwareConfig) -> String,
    /// The command, in the folder of the run.
    command: fn(config: &str) -> String,
}

/// Every hook.
static HOOKS: &[Hook] = &[
    Hook {
        groups: &["script", UNGROUPED, ""],
        file: "config",
        content: configs::text,
        command: script,
    },
    Hook { groups: &["ansible"], file: "playbook.yaml", content: configs::text, command: ansible },
    Hook { groups: &["cfn-init"], file: "config", content: init, command: script },
];

/// A file for the guest: path, content, mode.
pub(super) type File = (String, String, u32);

/// Everything that a run lays down and starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// Its folder.
    pub(super) folder: String,
    pub(super) files: Vec<File>,
    pub(super) command: Vec<String>,
}

/// Whether nothing says what runs a config: it is in no group, and its first line names no program.
/// Whoever fetches it says how it went (Heat: its agent has no hook for such a config either).
pub(super) fn is_for_others(config: &SoftwareConfig) -> bool {
    let text = configs::text(config);
    config.group == UNGROUPED && !text.is_empty() && !text.starts_with("#!")
}

/// The run of a config under that name; an error is a sentence.
pub(super) fn plan(
    name: &str,
    config: &SoftwareConfig,
    input_values: &Value,
) -> Result<Plan, String> {
    let group = config.group.as_str();
    let hook = HOOKS.iter().find(|hook| hook.groups.contains(&group));
    let hook = hook.ok_or_else(|| {
        let known: Vec<&str> = HOOKS.iter().flat_map(|hook| hook.groups).copied().collect();
        let known = known.into_iter().filter(|group| !group.is_empty()).collect::<Vec<_>>();
        format!("Nothing here runs configs of group {group}; known are {}", known.join(", "))
    })?;
    let folder = format!("{FOLDER}/{name}");
    let text = (hook.content)(config);
    let values = inputs(config, input_values);
    let command = (hook.command)(&text);
    let started = wrapper(&folder, &values, &command);
    let files = vec![
        (format!("{folder}/{}", hook.file), text, 0o700),
        (format!("{folder}/inputs.json"), Value::Object(values).to_string(), 0o600),
        (format!("{folder}/start"), started, 0o700),
    ];
    let command = vec!["/bin/sh".to_owned(), format!("{folder}/start")];
    Ok(Plan { folder, files, command })
}

/// The value of every input: its own, or the deployment's, or the default.
fn inputs(config: &SoftwareConfig, given: &Value) -> Map<String, Value> {
    let mut values = Map::new();
    for input in &config.inputs {
        let name = configs::name(input);
        let value = input.get("value").or_else(|| given.get(name)).or_else(|| input.get("default"));
        values.insert(name.to_owned(), value.cloned().unwrap_or_else(|| Value::from("")));
    }
    for (name, value) in given.as_object().into_iter().flatten() {
        values.entry(name.clone()).or_insert_with(|| value.clone());
    }
    values
}

/// A script by its first line; one without such a line is the shell's.
fn script(config: &str) -> String {
    if config.starts_with("#!") { "./config".to_owned() } else { "/bin/sh ./config".to_owned() }
}

/// What the metadata of the config wants done, written out as a script.
fn init(config: &SoftwareConfig) -> String {
    let read = config.config.as_str().and_then(|text| serde_json::from_str(text).ok());
    init::script(read.as_ref().unwrap_or(&config.config))
}

fn ansible(_: &str) -> String {
    "ansible-playbook -i localhost, --connection local --extra-vars @inputs.json playbook.yaml"
        .to_owned()
}

fn wrapper(folder: &str, values: &Map<String, Value>, command: &str) -> String {
    let variable = |(name, value): (&String, &Value)| {
        let sayable = !name.is_empty() && !name.starts_with('-') && !name.contains(['=', '\0']);
        sayable.then(|| word(&format!("{name}={}", text(value))))
    };
    let variables: Vec<String> = values.iter().filter_map(variable).collect();
    let variables = variables.join(" ");
    format!(
        "#!/bin/sh\n\
         cd {folder} || exit 1\n\
         export PATH=\"${{PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}}\"\n\
         export HOME=/root\n\
         if mkdir begun 2>/dev/null; then\n\
         echo $$ >pid\n\
         env {variables} heat_outputs_path={folder}/output {command} </dev/null >all.stdout 2>all.stderr\n\
         echo $? >code\n\
         for stream in stdout stderr; do tail -c {KEPT_BYTES} all.$stream >$stream; done\n\
         mv code status\n\
         fi\n\
         while [ ! -e status ] && kill -0 \"$(cat pid)\" 2>/dev/null; do sleep 1; done\n\
         [ -e status ] || {{ echo 'The run was cut off.' >stderr; echo 255 >status; }}\n\
         exit \"$(cat status)\"\n"
    )
}

/// What a tool sees of a value: text as it is, all else as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) => python::text(value),
        Value::Array(_) | Value::Object(_) => python::dumps(value),
    }
}

#[cfg(test)]
mod tests;
