//! `AWS::CloudFormation::Init` written out as a script of the shell. PURE.
//!
//! Configs and sets of configs become functions; within a config the sections run in
//! `cfn-init`'s order. The first thing that fails ends the script.

use serde_json::{Map, Value};

use super::{INIT, plain, word};

/// What the sections call.
const HELPERS: &str = include_str!("init-helpers.sh");
/// How deep sets may name sets.
const DEPTH: usize = 8;

/// A section of a config and how one of its entries is written.
type Section = (&'static str, fn(&str, &Value, &mut Vec<String>));

/// In the order in which they run.
static SECTIONS: &[Section] = &[
    ("packages", packages),
    ("groups", group),
    ("users", user),
    ("sources", source),
    ("files", file),
    ("commands", command),
    ("services", services),
];

/// The script of a resource's metadata. Its first argument names the sets, by commas.
pub(crate) fn script(metadata: &Value) -> String {
    let empty = Map::new();
    let init = metadata.get(INIT).and_then(Value::as_object).unwrap_or(&empty);
    let sets = init.get("configSets").and_then(Value::as_object).unwrap_or(&empty);
    let mut cases = Vec::new();
    for name in sets.keys() {
        let body: Vec<String> =
            configs(sets, name, DEPTH).iter().flat_map(|config| lines(init, config)).collect();
        cases.push(case(name, &body));
    }
    if !sets.contains_key("default") {
        cases.push(case("default", &lines(init, "config")));
    }
    let cases = cases.concat();
    format!(
        "{HELPERS}for set in $(echo \"${{1:-default}}\" | tr , ' '); do\ncase $set in\n{cases}*) \
         echo \"there is no set of configs $set\" >&2; exit 1 ;;\nesac\ndone\n"
    )
}

fn case(name: &str, body: &[String]) -> String {
    format!("{})\n:\n{}\n;;\n", word(name), body.join("\n"))
}

/// The configs of a set, those of the sets that it names among them.
fn configs(sets: &Map<String, Value>, name: &str, depth: usize) -> Vec<String> {
    let members = sets.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let resolve = |member: &Value| match (member, member.get("ConfigSet").and_then(Value::as_str)) {
        (_, Some(other)) if depth > 0 => configs(sets, other, depth - 1),
        (Value::String(config), _) => vec![config.clone()],
        _ => Vec::new(),
    };
    members.iter().flat_map(resolve).collect()
}

/// The commands of one config.
fn lines(init: &Map<String, Value>, config: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let Some(config) = init.get(config) else { return lines };
    for (section, write) in SECTIONS {
        let entries = config.get(*section).and_then(Value::as_object);
        let mut entries: Vec<_> = entries.into_iter().flatten().collect();
        entries.sort_by_key(|(name, _)| *name);
        for (name, entry) in entries {
            write(name, entry, &mut lines);
        }
    }
    lines
}

fn member(entry: &Value, name: &str) -> Option<String> {
    entry.get(name).filter(|value| !value.is_null()).map(plain)
}

fn is_true(entry: &Value, name: &str) -> bool {
    member(entry, name).is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

fn packages(manager: &str, entry: &Value, lines: &mut Vec<String>) {
    let names: Vec<String> =
        entry.as_object().into_iter().flat_map(Map::keys).map(|name| word(name)).collect();
    if !names.is_empty() {
        lines.push(format!("packages {} {}", word(manager), names.join(" ")));
    }
}

fn group(name: &str, entry: &Value, lines: &mut Vec<String>) {
    let id = member(entry, "gid").unwrap_or_default();
    lines.push(format!("group {} {}", word(name), word(&id)));
}

fn user(name: &str, entry: &Value, lines: &mut Vec<String>) {
    let text = |key| word(&member(entry, key).unwrap_or_default());
    lines.push(format!("user {} {} {}", word(name), text("uid"), text("homeDir")));
    let groups = entry.get("groups").and_then(Value::as_array);
    for group in groups.into_iter().flatten().filter_map(Value::as_str) {
        lines.push(format!("user_in {} {}", word(name), word(group)));
    }
}

fn source(folder: &str, entry: &Value, lines: &mut Vec<String>) {
    lines.push(format!("unpack {} {}", word(folder), word(&plain(entry))));
}

fn file(path: &str, entry: &Value, lines: &mut Vec<String>) {
    let path_word = word(path);
    lines.push(format!("mkdir -p \"$(dirname {path_word})\""));
    let mode = member(entry, "mode").filter(|mode| !mode.is_empty());
    let content = member(entry, "content").unwrap_or_default();
    let is_base64 = member(entry, "encoding").is_some_and(|encoding| encoding == "base64");
    if let Some(url) = member(entry, "source") {
        lines.push(format!("fetch {} >{path_word}", word(&url)));
    } else if mode.as_deref().is_some_and(|mode| mode.starts_with("120")) {
        lines.push(format!("ln -sf {} {path_word}", word(&content)));
        return;
    } else if is_base64 {
        lines.push(format!("printf %s {} | base64 -d >{path_word}", word(&content)));
    } else {
        lines.push(format!("printf %s {} >{path_word}", word(&content)));
    }
    if let Some(mode) = mode {
        let last: String = mode.chars().skip(mode.chars().count().saturating_sub(4)).collect();
        lines.push(format!("chmod {} {path_word}", word(&last)));
    }
    for (key, tool) in [("owner", "chown"), ("group", "chgrp")] {
        if let Some(name) = member(entry, key) {
            lines.push(format!("{tool} {} {path_word}", word(&name)));
        }
    }
}

fn command(_: &str, entry: &Value, lines: &mut Vec<String>) {
    let text = match entry.get("command") {
        Some(Value::Array(words)) => {
            words.iter().map(|part| word(&plain(part))).collect::<Vec<_>>().join(" ")
        }
        Some(text) => plain(text),
        None => return,
    };
    let variables = entry.get("env").and_then(Value::as_object).into_iter().flatten();
    let variables: String =
        variables.map(|(name, value)| word(&format!("{name}={}", plain(value))) + " ").collect();
    let folder = word(&member(entry, "cwd").unwrap_or_else(|| "/".to_owned()));
    let mut line = format!("(cd {folder} && env {variables}sh -c {})", word(&text));
    if is_true(entry, "ignoreErrors") {
        line.push_str(" || :");
    }
    match member(entry, "test") {
        Some(condition) => lines.push(format!(
            "if (cd {folder} && env {variables}sh -c {}); then {line}; fi",
            word(&condition)
        )),
        None => lines.push(line),
    }
}

fn services(_: &str, entry: &Value, lines: &mut Vec<String>) {
    let mut services: Vec<_> = entry.as_object().into_iter().flatten().collect();
    services.sort_by_key(|(name, _)| *name);
    for (name, wanted) in services {
        for (key, on, off) in [("enabled", "enable", "disable"), ("ensureRunning", "start", "stop")]
        {
            if member(wanted, key).is_some() {
                let verb = if is_true(wanted, key) { on } else { off };
                lines.push(format!("service_{key} {} {verb}", word(name)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run(metadata: &Value, sets: &str) -> (Option<i32>, String) {
        let script = script(&json!({INIT: metadata}));
        let arguments = ["-c", &script, "init", sets];
        let output = std::process::Command::new("/bin/sh").args(arguments).output().unwrap();
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        (output.status.code(), text)
    }

    #[test]
    fn files_come_before_commands_and_commands_run_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = format!("{}/a/it's", folder.path().display());
        let metadata = json!({"config": {
            "commands": {
                "2": {"command": ["cat", path]},
                "1": {"command": "echo $who from $(pwd)", "env": {"who": "me"}, "cwd": "/tmp"},
                "3": {"command": "echo never", "test": "false"},
                "4": {"command": "false", "ignoreErrors": "true"}},
            "files": {path.clone(): {"content": {"a": 1}, "mode": "000600"}},
        }});
        assert_eq!(run(&metadata, "default"), (Some(0), "me from /tmp\n{\"a\":1}".to_owned()));
        let mode = std::fs::metadata(&path).unwrap().permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600);
    }

    #[test]
    fn sets_name_configs_and_other_sets_and_a_failure_ends_all() {
        let say = |text: &str| json!({"commands": {"c": {"command": format!("echo {text}")}}});
        let metadata = json!({
            "configSets": {"default": ["one", {"ConfigSet": "more"}], "more": ["two"], "bad": ["three", "one"]},
            "one": say("1"), "two": say("2"),
            "three": {"commands": {"c": {"command": "exit 7"}}},
        });
        assert_eq!(run(&metadata, "default"), (Some(0), "1\n2\n".to_owned()));
        assert_eq!(run(&metadata, "more,default"), (Some(0), "2\n1\n2\n".to_owned()));
        assert_eq!(run(&metadata, "bad").0, Some(7));
        assert_eq!(run(&metadata, "none").0, Some(1));
    }

    #[test]
    fn without_metadata_there_is_nothing_to_do() {
        assert_eq!(run(&json!({}), "default"), (Some(0), String::new()));
    }
}
