//! The login user of a guest and its authorized keys.

/// The user that a key pair is for where the image does not say (`os_admin_user`).
pub(crate) const DEFAULT_USER: &str = "root";

/// An account as `/etc/passwd` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) uid: u64,
    pub(crate) gid: u64,
    pub(crate) home: String,
}

impl Account {
    /// Where its keys are.
    pub(crate) fn ssh_folder(&self) -> String {
        format!("{}/.ssh", self.home.trim_end_matches('/'))
    }

    /// The file of its keys.
    pub(crate) fn authorized_keys(&self) -> String {
        format!("{}/authorized_keys", self.ssh_folder())
    }
}

/// The account of `user`; an image without one still has root.
pub(crate) fn find(passwd: &str, user: &str) -> Account {
    let fallback = || Account { uid: 0, gid: 0, home: "/root".to_owned() };
    lookup(passwd, user).or_else(|| lookup(passwd, DEFAULT_USER)).unwrap_or_else(fallback)
}

fn lookup(passwd: &str, user: &str) -> Option<Account> {
    passwd.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        match fields.as_slice() {
            [name, _, uid, gid, _, home, ..] if *name == user && !home.is_empty() => {
                Some(Account {
                    uid: uid.parse().ok()?,
                    gid: gid.parse().ok()?,
                    home: (*home).to_owned(),
                })
            }
            _ => None,
        }
    })
}

/// The file with the key in it, once.
pub(crate) fn with_key(existing: &str, key: &str) -> String {
    let key = key.trim();
    if existing.lines().any(|line| line.trim() == key) {
        return existing.to_owned();
    }
    let gap = if existing.is_empty() || existing.ends_with('\n') { "" } else { "\n" };
    format!("{existing}{gap}{key}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nweb:x:33:34::/srv/web:/bin/sh\nbad\n";

    #[test]
    fn an_account_comes_from_passwd_and_root_is_always_there() {
        let web = find(PASSWD, "web");
        assert_eq!(
            (web.uid, web.gid, web.authorized_keys().as_str()),
            (33, 34, "/srv/web/.ssh/authorized_keys")
        );
        assert_eq!(find(PASSWD, "nobody").home, "/root");
        assert_eq!(find("", "root").home, "/root");
    }

    #[test]
    fn a_key_is_added_once() {
        let once = with_key("ssh-rsa AAA a", "ssh-ed25519 BBB b\n");
        assert_eq!(once, "ssh-rsa AAA a\nssh-ed25519 BBB b\n");
        assert_eq!(with_key(&once, "ssh-ed25519 BBB b"), once);
    }
}
