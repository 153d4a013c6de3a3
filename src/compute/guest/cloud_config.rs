//! `#cloud-config`: the common modules, translated into lines of a POSIX shell.
//!
//! The order of [`MODULES`] is the order in which cloud-init runs them. A key without a row is
//! named in the output, never dropped silently.

use serde_json::{Map, Value};

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

fn groups(config: &Map<String, Value>) -> Vec<String> {
    entries(config, "groups").flat_map(group).collect()
}

fn group(entry: &Value) -> Vec<String> {
    if let Some(name) = entry.as_str() {
        return vec![add_group(name)];
    }
    let named = entry.as_object().into_iter().flatten();
    named
        .flat_map(|(name, members)| {
            let members = members.as_array().into_iter().flatten().map(plain);
            let joins = members.map(|user| join_group(&word(&user), &word(name)));
            std::iter::once(add_group(name)).chain(joins).collect::<Vec<_>>()
        })
        .collect()
}

/// Both arguments are words already.
fn join_group(user: &str, group: &str) -> String {
    format!("usermod -aG {group} {user} 2>/dev/null || addgroup {user} {group}")
}

fn add_group(name: &str) -> String {
    format!(
        "grep -q {} /etc/group || groupadd {name} 2>/dev/null || addgroup {name}",
        word(&format!("^{name}:")),
        name = word(name)
    )
}

fn users(config: &Map<String, Value>) -> Vec<String> {
    entries(config, "users")
        .chain(config.get("user"))
        .filter_map(Value::as_object)
        .filter_map(|user| Some((user, text(user, "name")?)))
        .flat_map(|(user, name)| add_user(user, name))
        .collect()
}

fn add_user(user: &Map<String, Value>, name: &str) -> Vec<String> {
    let shell = text(user, "shell").unwrap_or("/bin/sh");
    let home = text(user, "homedir").map_or_else(|| format!("/home/{name}"), str::to_owned);
    let quoted = word(name);
    let mut lines = vec![format!(
        "id {quoted} >/dev/null 2>&1 || useradd -m -d {home} -s {shell} {quoted} 2>/dev/null \
         || adduser -D -h {home} -s {shell} {quoted}",
        home = word(&home),
        shell = word(shell)
    )];
    for group in names(user.get("groups")) {
        let group = word(&group);
        lines
            .push(format!("usermod -aG {group} {quoted} 2>/dev/null || addgroup {quoted} {group}"));
    }
    for rule in names_whole(user.get("sudo")) {
        let line = word(&format!("{name} {rule}"));
        lines.push(format!(
            "mkdir -p /etc/sudoers.d && echo {line} >> /etc/sudoers.d/90-cloud-init-users"
        ));
    }
    if let Some(hash) = text(user, "passwd").or_else(|| text(user, "hashed_passwd")) {
        lines.push(format!("echo {} | chpasswd -e", word(&format!("{name}:{hash}"))));
    }
    if let Some(password) = text(user, "plain_text_passwd") {
        lines.push(format!("echo {} | chpasswd", word(&format!("{name}:{password}"))));
    }
    let keys = names_whole(user.get("ssh_authorized_keys").or(user.get("ssh-authorized-keys")));
    lines.extend(keys.iter().flat_map(|key| add_key(&home, Some(name), key)));
    lines
}

/// `a, b` or a list.
fn names(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => text
            .split(',')
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect(),
        other => names_whole(other),
    }
}

/// One text, or a list of them.
fn names_whole(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items.iter().map(plain).collect(),
        _ => Vec::new(),
    }
}

fn add_key(home: &str, owner: Option<&str>, key: &str) -> Vec<String> {
    let folder = word(&format!("{home}/.ssh"));
    let file = word(&format!("{home}/.ssh/authorized_keys"));
    let mut lines = vec![
        format!("mkdir -p {folder} && chmod 700 {folder}"),
        format!("echo {} >> {file}; chmod 600 {file}", word(key)),
    ];
    if let Some(owner) = owner {
        lines.push(format!("chown -R {}: {folder}", word(owner)));
    }
    lines
}

fn default_keys(config: &Map<String, Value>) -> Vec<String> {
    names_whole(config.get("ssh_authorized_keys"))
        .iter()
        .flat_map(|key| add_key("/root", None, key))
        .collect()
}

fn passwords(config: &Map<String, Value>) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(password) = text(config, "password") {
        lines.push(format!("echo {} | chpasswd", word(&format!("root:{password}"))));
    }
    let Some(chpasswd) = config.get("chpasswd").and_then(Value::as_object) else {
        return lines;
    };
    let listed = match chpasswd.get("list") {
        Some(Value::String(text)) => text.lines().map(str::to_owned).collect(),
        other => names_whole(other),
    };
    let pairs = chpasswd.get("users").and_then(Value::as_array).into_iter().flatten();
    let pairs = pairs.filter_map(|user| {
        Some(format!("{}:{}", user.get("name")?.as_str()?, user.get("password")?.as_str()?))
    });
    for pair in listed.into_iter().chain(pairs) {
        let hashed = if pair.contains(":$") { " -e" } else { "" };
        lines.push(format!("echo {} | chpasswd{hashed}", word(&pair)));
    }
    lines
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

    #[test]
    fn a_user_gets_groups_keys_and_sudo() {
        let lines = of("#cloud-config\nusers:\n - default\n - name: ann\n   groups: a, b\n   sudo: ALL=(ALL) NOPASSWD:ALL\n   ssh_authorized_keys: [ssh-rsa K]\n").join("\n");
        for part in [
            "useradd -m -d '/home/ann'",
            "usermod -aG 'b' 'ann'",
            "'ann ALL=(ALL) NOPASSWD:ALL'",
            "echo 'ssh-rsa K'",
        ] {
            assert!(lines.contains(part), "{part} in {lines}");
        }
    }
}
