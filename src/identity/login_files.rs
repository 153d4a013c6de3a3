//! The files with which a user of this installation logs in: `clouds.yaml` and the `openrc`s.
//! `bootstrap.rs` calls it at each start. They are the only place where a random password is
//! kept as text, so what is there is read back before anything is written.

use std::path::Path;

use kit::config::Settings;
use kit::error::Result;
use kit::secret::Secret;

use crate::tokens::keys::write_private;

/// Who logs in how.
#[derive(Debug)]
pub(crate) struct Login<'a> {
    /// The user's name, and the name of the project.
    pub(crate) user: &'a str,
    pub(crate) password: &'a Secret,
}

/// The password that an earlier start wrote for the cloud of this name.
pub(crate) fn known_password(data_dir: &Path, cloud: &str) -> Option<Secret> {
    let text = std::fs::read_to_string(data_dir.join("clouds.yaml")).ok()?;
    let start = text.find(&format!("\n  {cloud}:\n"))?;
    let line =
        text.get(start..)?.lines().find_map(|line| line.trim().strip_prefix("password: "))?;
    Some(Secret::new(from_yaml(line)))
}

/// Writes all files, readable by their owner only.
pub(crate) fn write(
    data_dir: &Path,
    settings: &Settings,
    admin: &Login<'_>,
    demo: &Login<'_>,
) -> Result<()> {
    let url = format!("{}/identity", settings.default.base_url());
    let region = &settings.identity.region;
    let clouds = [
        cloud("novadock", &url, region, demo, false),
        cloud("novadock-admin", &url, region, admin, false),
        cloud("novadock-system", &url, region, admin, true),
    ];
    let clouds = format!("clouds:\n{}", clouds.concat());
    write_private(&data_dir.join("clouds.yaml"), clouds.as_bytes())?;
    write_private(&data_dir.join("openrc"), openrc(&url, region, demo).as_bytes())?;
    write_private(&data_dir.join("openrc-admin"), openrc(&url, region, admin).as_bytes())
}

fn cloud(name: &str, url: &str, region: &str, login: &Login<'_>, system: bool) -> String {
    let user = login.user;
    let password = in_yaml(login.password.expose());
    let scope = if system {
        "      system_scope: all\n".to_owned()
    } else {
        format!("      project_name: {user}\n      project_domain_id: default\n")
    };
    format!(
        "\n  {name}:\n    auth:\n      auth_url: {url}\n      username: {user}\n      \
         password: {password}\n      user_domain_id: default\n{scope}    \
         region_name: {region}\n    identity_api_version: \"3\"\n"
    )
}

fn openrc(url: &str, region: &str, login: &Login<'_>) -> String {
    let user = login.user;
    let password = in_shell(login.password.expose());
    let rows = [
        ("OS_AUTH_URL", url),
        ("OS_USERNAME", user),
        ("OS_PASSWORD", &password),
        ("OS_PROJECT_NAME", user),
        ("OS_USER_DOMAIN_ID", "default"),
        ("OS_PROJECT_DOMAIN_ID", "default"),
        ("OS_REGION_NAME", region),
        ("OS_IDENTITY_API_VERSION", "3"),
    ];
    let lines: Vec<String> =
        rows.iter().map(|(name, value)| format!("export {name}={value}")).collect();
    lines.join("\n") + "\n"
}

fn in_yaml(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn from_yaml(text: &str) -> String {
    let inner = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text);
    inner.replace("''", "'")
}

fn in_shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_password_is_found_again_whatever_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::with(&[("default", "listen", "0.0.0.0:1234")]).unwrap();
        let (admin, demo) = (Secret::new("it's: #\"admin\""), Secret::new("plain"));
        let login = |user, password| Login { user, password };
        write(folder.path(), &settings, &login("admin", &admin), &login("demo", &demo)).unwrap();
        let known = |cloud| known_password(folder.path(), cloud).unwrap();
        assert!(known("novadock-admin").matches(admin.expose()));
        assert!(known("novadock").matches("plain"));
        assert!(known_password(folder.path(), "other").is_none());
    }

    #[test]
    fn the_files_are_for_their_owner_and_name_a_reachable_address() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::with(&[("default", "listen", "0.0.0.0:1234")]).unwrap();
        let password = Secret::new("it's");
        let login = Login { user: "demo", password: &password };
        write(folder.path(), &settings, &login, &login).unwrap();
        let openrc = std::fs::read_to_string(folder.path().join("openrc")).unwrap();
        assert!(openrc.contains("OS_AUTH_URL=http://127.0.0.1:1234/identity\n"), "{openrc}");
        assert!(openrc.contains(r"OS_PASSWORD='it'\''s'"), "{openrc}");
        for file in ["clouds.yaml", "openrc", "openrc-admin"] {
            let mode = folder.path().join(file).metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
    }
}
