//! The modules of `#cloud-config` about people: groups, users, keys, passwords.
//!
//! Only the table of `cloud_config.rs` refers to them.

use serde_json::{Map, Value};

use super::{entries, plain, text};
use crate::guest::quote::word;

pub(super) fn groups(config: &Map<String, Value>) -> Vec<String> {
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

pub(super) fn users(config: &Map<String, Value>) -> Vec<String> {
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

pub(super) fn default_keys(config: &Map<String, Value>) -> Vec<String> {
    names_whole(config.get("ssh_authorized_keys"))
        .iter()
        .flat_map(|key| add_key("/root", None, key))
        .collect()
}

pub(super) fn passwords(config: &Map<String, Value>) -> Vec<String> {
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

#[cfg(test)]
mod tests {
    use crate::guest::cloud_config::of;

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
