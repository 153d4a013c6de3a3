//! `#cloud-config`: the common modules, translated into lines of a POSIX shell.
//!
//! The order of [`MODULES`] is the order in which cloud-init runs them. A key without a row is
//! named in the output, never dropped silently. The modules about people are in `accounts`.

mod accounts;

use serde_json::{Map, Value};

use self::accounts::{default_keys, groups, passwords, users};
use super::quote::word;

/// One module: its keys, and what they become.
struct Module {
    keys: &'static [&'static str],
    lines: fn(&Map<String, Value>) -> Vec<String>,
}

static MODULES: &[Module] = &[
    Module { keys: &["bootcmd"], lines: |config| commands(config.get("bootcmd")) },
    Module { keys: &["write_files"], lines: |config| write_files(config, false) },
    Module { keys: &["hostname", "fqdn", "prefer_fqdn_over_hostname"], lines: hostname },
    Module { keys: &["manage_etc_hosts"], lines: hosts },
    Module { keys: &["timezone"], lines: timezone },
    Module { keys: &["groups"], lines: groups },
    Module { keys: &["users", "user"], lines: users },
    Module { keys: &["ssh_authorized_keys"], lines: default_keys },
    Module { keys: &["chpasswd", "password"], lines: passwords },
    Module { keys: &["package_update", "package_upgrade", "packages"], lines: packages },
    Module { keys: &["runcmd"], lines: |config| commands(config.get("runcmd")) },
    Module { keys: &[], lines: |config| write_files(config, true) },
    // Containers have no password logins to allow.
    Module {
        keys: &["ssh_pwauth", "disable_root", "output", "preserve_hostname"],
        lines: |_| Vec::new(),
    },
    Module { keys: &["final_message"], lines: final_message },
];

/// The lines of a document; a document that is no YAML mapping becomes a line that says so.
pub(super) fn lines(document: &str) -> Vec<String> {
    match serde_saphyr::from_str::<Value>(document) {
        Ok(Value::Object(config)) => translate(&config),
        Ok(Value::Null) => Vec::new(),
        Ok(_) => vec![say("the cloud-config is not a mapping")],
        Err(error) => {
            let reason = error.to_string();
            let first = reason.lines().next().unwrap_or_default();
            vec![say(&format!("the cloud-config is not YAML: {first}"))]
        }
    }
}

fn translate(config: &Map<String, Value>) -> Vec<String> {
    let known = |key: &str| MODULES.iter().any(|module| module.keys.contains(&key));
    let unknown = config
        .keys()
        .filter(|key| !known(key))
        .map(|key| say(&format!("cloud-config: no module for {key}")));
    let done = MODULES.iter().flat_map(|module| (module.lines)(config));
    unknown.chain(done).collect()
}

fn say(text: &str) -> String {
    format!("echo {}", word(text))
}

/// A list of commands: a text is for the shell, a list is a program with its arguments.
fn commands(list: Option<&Value>) -> Vec<String> {
    let items = list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    items
        .iter()
        .filter_map(|item| match item {
            Value::Array(words) => {
                Some(words.iter().map(|part| word(&plain(part))).collect::<Vec<_>>().join(" "))
            }
            Value::Null => None,
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                Some(format!("sh -c {}", word(&plain(item))))
            }
        })
        .collect()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn text<'a>(map: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    map.get(key).and_then(Value::as_str)
}

fn truthy(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(on)) => *on,
        Some(Value::String(text)) => matches!(text.as_str(), "true" | "True" | "yes" | "localhost"),
        _ => false,
    }
}

fn entries<'a>(config: &'a Map<String, Value>, key: &str) -> impl Iterator<Item = &'a Value> {
    config.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// Files go through base64, whose alphabet a shell leaves alone. `defer` files come last.
fn write_files(config: &Map<String, Value>, deferred: bool) -> Vec<String> {
    entries(config, "write_files")
        .filter_map(Value::as_object)
        .filter(|file| truthy(file.get("defer")) == deferred)
        .filter_map(|file| Some((file, text(file, "path")?)))
        .flat_map(|(file, path)| write_file(file, path))
        .collect()
}

fn write_file(file: &Map<String, Value>, path: &str) -> Vec<String> {
    use base64::Engine;
    let content = text(file, "content").unwrap_or_default();
    let encoding = text(file, "encoding").unwrap_or_default().to_lowercase();
    let encoded = match encoding.as_str() {
        "b64" | "base64" | "gz+b64" | "gzip+b64" | "gz+base64" | "gzip+base64" => {
            content.split_whitespace().collect()
        }
        _ => base64::engine::general_purpose::STANDARD.encode(content),
    };
    let inflate = if encoding.starts_with("gz") { " | gzip -dc" } else { "" };
    let arrow = if truthy(file.get("append")) { ">>" } else { ">" };
    let target = word(path);
    let mut lines = vec![
        format!("mkdir -p \"$(dirname {target})\""),
        format!("echo {encoded} | base64 -d{inflate} {arrow} {target}"),
    ];
    let mode = file.get("permissions").map_or_else(|| "0644".to_owned(), plain);
    lines.push(format!("chmod {} {target}", word(&mode)));
    if let Some(owner) = text(file, "owner") {
        lines.push(format!("chown {} {target}", word(owner)));
    }
    lines
}

fn hostname(config: &Map<String, Value>) -> Vec<String> {
    let Some(name) = text(config, "hostname").or_else(|| text(config, "fqdn")) else {
        return Vec::new();
    };
    let short = name.split('.').next().unwrap_or(name);
    vec![
        format!("echo {} > /etc/hostname", word(short)),
        format!(
            "hostname {} 2>/dev/null || echo 'cloud-config: the engine keeps the host name'",
            word(short)
        ),
    ]
}

fn hosts(config: &Map<String, Value>) -> Vec<String> {
    if !truthy(config.get("manage_etc_hosts")) {
        return Vec::new();
    }
    let names: Vec<&str> =
        ["fqdn", "hostname"].iter().filter_map(|key| text(config, key)).collect();
    if names.is_empty() {
        return vec!["echo \"127.0.1.1 $(hostname)\" >> /etc/hosts".to_owned()];
    }
    vec![format!("echo {} >> /etc/hosts", word(&format!("127.0.1.1 {}", names.join(" "))))]
}

fn timezone(config: &Map<String, Value>) -> Vec<String> {
    let Some(zone) = text(config, "timezone") else {
        return Vec::new();
    };
    let file = word(&format!("/usr/share/zoneinfo/{zone}"));
    vec![
        format!("echo {} > /etc/timezone", word(zone)),
        format!("[ -e {file} ] && ln -sf {file} /etc/localtime"),
    ]
}

fn packages(config: &Map<String, Value>) -> Vec<String> {
    let wanted: Vec<String> =
        entries(config, "packages").map(|package| word(&versioned(package))).collect();
    let mut lines = Vec::new();
    if truthy(config.get("package_update"))
        || truthy(config.get("package_upgrade"))
        || !wanted.is_empty()
    {
        lines.push(either("apt-get update", "apk update"));
    }
    if truthy(config.get("package_upgrade")) {
        lines.push(either("DEBIAN_FRONTEND=noninteractive apt-get -y upgrade", "apk upgrade"));
    }
    if !wanted.is_empty() {
        let names = wanted.join(" ");
        lines.push(either(
            &format!("DEBIAN_FRONTEND=noninteractive apt-get -y install {names}"),
            &format!("apk add {names}"),
        ));
    }
    lines
}

/// A name, or a list of a name and its version.
fn versioned(package: &Value) -> String {
    match package.as_array() {
        Some(parts) => parts.iter().map(plain).collect::<Vec<_>>().join("="),
        None => plain(package),
    }
}

fn either(apt: &str, apk: &str) -> String {
    format!(
        "if command -v apt-get >/dev/null; then {apt}; elif command -v apk >/dev/null; then {apk}; \
         else echo 'cloud-config: no package manager'; fi"
    )
}

fn final_message(config: &Map<String, Value>) -> Vec<String> {
    text(config, "final_message").map(say).into_iter().collect()
}

/// The raw text of user data that is one cloud-config, for tests.
#[cfg(test)]
pub(super) fn of(data: &str) -> Vec<String> {
    match super::user_data::pieces(data.as_bytes()).as_slice() {
        [super::user_data::Piece::CloudConfig(text)] => lines(text),
        other => panic!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_keep_their_words() {
        let lines = of("#cloud-config\nruncmd:\n - echo $HOME > /x\n - [ls, -l, \"a b\"]\n");
        assert_eq!(lines, ["sh -c 'echo $HOME > /x'", "'ls' '-l' 'a b'"]);
    }

    #[test]
    fn files_are_written_with_mode_and_owner() {
        let lines = of(
            "#cloud-config\nwrite_files:\n- path: /etc/x y\n  content: |\n    it's\n  permissions: '0600'\n  owner: a:b\n",
        );
        assert_eq!(
            lines,
            [
                "mkdir -p \"$(dirname '/etc/x y')\"",
                "echo aXQncwo= | base64 -d > '/etc/x y'",
                "chmod '0600' '/etc/x y'",
                "chown 'a:b' '/etc/x y'",
            ]
        );
    }

    #[test]
    fn what_has_no_module_is_named() {
        let lines = of("#cloud-config\nrainbow: 1\nssh_pwauth: true\n");
        assert_eq!(lines, ["echo 'cloud-config: no module for rainbow'"]);
        assert!(of("#cloud-config\na: [\n")[0].starts_with("echo 'the cloud-config is not YAML"));
    }

    #[test]
    fn bootcmd_comes_before_files_and_runcmd_after_packages() {
        let lines = of(
            "#cloud-config\nruncmd: [d]\npackages: [c]\nwrite_files: [{path: /b}]\nbootcmd: [a]\n",
        );
        let at = |needle: &str| lines.iter().position(|line| line.contains(needle)).unwrap();
        assert!(
            at("'a'") < at("/b") && at("/b") < at("apk add 'c'") && at("apk add 'c'") < at("'d'")
        );
    }
}
