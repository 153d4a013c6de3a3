//! `changePassword`: the password of a guest's administrator becomes another one.
//!
//! It is written where the guest keeps it, as Nova does with a disk that it may write to, so the
//! guest needs no tool for it. A guest that knows no such user is refused at once, as Nova refuses it
//! of drivers that cannot. **Invariant:** the journal never holds the password, only what the guest's
//! own `/etc/shadow` will hold: its salted hash.

use bytes::Bytes;
use kit::Platform;
use kit::engine::{EngineResult, GuestFile, Power};
use kit::error::{Error, Kind, Result};
use kit::http::{Call, Reply};
use kit::ids::ServerId;
use kit::secret::Secret;
use kit::step;
use kit::tasks;
use kit::workflow::{Context, Failure, Workflow};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha_crypt::{PasswordHasher, ShaCrypt};

use super::DEADLINE_SECONDS;
use crate::guest::accounts::DEFAULT_USER;
use crate::inject::ADMIN_USER;
use crate::servers::logic::Asked;
use crate::servers::model::{PowerState, Server, VmState, engine_name};
use crate::servers::states::CHANGE_PASSWORD as ACTION;
use crate::servers::steps::{give_up, server_id, settle};

pub(crate) static CHANGE_PASSWORD: Workflow = Workflow {
    kind: "server.change_password",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[step!("set", act: set, record: become_active)],
    on_failed: give_up,
};

/// Where passwords are: the first that knows the user has his.
const PLACES: &[&str] = &["/etc/shadow", "/etc/passwd"];
/// A larger file is no list of a guest's users.
const LIMIT_BYTES: u64 = 1 << 20;

/// What the work needs and no row has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Params {
    /// The account.
    pub(crate) user: String,
    /// As `/etc/shadow` has it.
    pub(crate) hash: String,
}

impl Params {
    /// The password of the server's administrator.
    pub(crate) fn new(server: &Server, hash: String) -> Self {
        Self { user: user_of(server).to_owned(), hash }
    }
}

/// The user whose password it is.
fn user_of(server: &Server) -> &str {
    server.image_properties.get(ADMIN_USER).map_or(DEFAULT_USER, |user| user)
}

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let within = asked.clone();
    let read = move |db: &Connection| within.open_for(db, &ACTION);
    let server = call.platform.store.read(read).await?;
    check_guest(&call.platform, &server).await?;
    let password = call.wrapped_text("changePassword", "adminPass").unwrap_or_default().to_owned();
    let hash = tasks::blocking(move || hash(&password)).await?;
    let params = Params::new(&server, hash);
    let write = move |db: &Connection| promise(&asked, db, &params);
    call.platform.store.write("servers:change-password", write).await?;
    Ok(Reply::empty())
}

/// Sets the task and promises the work.
pub(crate) fn promise(asked: &Asked, connection: &Connection, params: &Params) -> Result<()> {
    let mut server = asked.open_for(connection, &ACTION)?;
    let params = serde_json::to_value(params)?;
    asked.begin(connection, &mut server, &ACTION, &CHANGE_PASSWORD, params)
}

/// Whether the guest runs, and knows the user.
async fn check_guest(platform: &Platform, server: &Server) -> Result<()> {
    let name = server.engine_name();
    let seen = platform.engine.inspect(&name).await?;
    if seen.is_none_or(|guest| guest.power != Power::Running) {
        let why = format!("instance {} is not running", server.id);
        return Err(Error::conflict(not_set(server.id.as_str(), &why)));
    }
    if find(platform, &name, user_of(server), "").await?.is_none() {
        return Err(Error::conflict("Set admin password is not supported"));
    }
    Ok(())
}

/// The file that has the user's password, with this hash in it.
async fn find(
    platform: &Platform,
    name: &str,
    user: &str,
    hash: &str,
) -> EngineResult<Option<GuestFile>> {
    for path in PLACES {
        let Some(file) = platform.engine.read_file(name, path, LIMIT_BYTES).await? else {
            continue;
        };
        let text = String::from_utf8_lossy(file.content.as_deref().unwrap_or_default());
        if let Some(changed) = with_hash(&text, user, hash) {
            let (path, content) = ((*path).to_owned(), Some(Bytes::from(changed)));
            return Ok(Some(GuestFile { path, content, ..file }));
        }
    }
    Ok(None)
}

/// The text with another hash in the line of the user, if it has one.
fn with_hash(text: &str, user: &str, hash: &str) -> Option<String> {
    let mut found = false;
    let changed = text.split_inclusive('\n').map(|line| match own_line(line, user) {
        Some(rest) => {
            found = true;
            format!("{user}:{hash}:{rest}")
        }
        None => line.to_owned(),
    });
    let changed: String = changed.collect();
    found.then_some(changed)
}

/// What stands behind the password in the line of the user.
fn own_line<'a>(line: &'a str, user: &str) -> Option<&'a str> {
    let (_, rest) = line.strip_prefix(user)?.strip_prefix(':')?.split_once(':')?;
    Some(rest)
}

/// Nova: `InstancePasswordSetFailed`.
fn not_set(id: &str, why: &str) -> String {
    format!("Failed to set admin password on {id} because {why}")
}

/// As `/etc/shadow` has a password.
pub(crate) fn hash(password: &str) -> Result<String> {
    // 16 characters of salt when they are written: a guest's `crypt` drops what is beyond, and then
    // its own text is another one.
    let salt = Secret::random(12);
    let hash =
        ShaCrypt::default().hash_password_with_salt(password.as_bytes(), salt.expose().as_bytes());
    Ok(hash.map_err(|error| Error::internal(format!("sha-crypt: {error}")))?.to_string())
}

/// Once more is the same: the hash is decided.
async fn set(context: Context) -> Result<Value, Failure> {
    let id = server_id(&context);
    set_in(&context.platform, &engine_name(&id), &id, context.params()?).await?;
    Ok(Value::Null)
}

/// Sets the password in a guest of the server.
pub(crate) async fn set_in(
    platform: &Platform,
    name: &str,
    id: &ServerId,
    Params { user, hash }: Params,
) -> Result<(), Failure> {
    let Some(file) = find(platform, name, &user, &hash).await? else {
        let sentence = not_set(id.as_str(), "error setting admin password");
        return Err(Failure::Fail(Error::new(Kind::Internal, sentence)));
    };
    platform.engine.put_files(name, &[file]).await?;
    Ok(())
}

fn become_active(context: &Context, connection: &Connection) -> Result<()> {
    settle(context, connection, VmState::Active, PowerState::Running)
}

#[cfg(test)]
mod tests {
    use sha_crypt::PasswordVerifier;

    use super::*;

    #[test]
    fn the_line_of_the_user_changes_and_no_other() {
        let shadow = "root:*:19000:0:99999:7:::\nrooter:!:1::::::\nweb:x";
        let changed = "root:$6$a:19000:0:99999:7:::\nrooter:!:1::::::\nweb:x";
        assert_eq!(with_hash(shadow, "root", "$6$a").as_deref(), Some(changed));
        assert_eq!(with_hash(shadow, "nobody", "$6$a"), None);
        assert_eq!(with_hash(shadow, "web", "$6$a"), None, "no line of a list of users");
    }

    #[test]
    fn what_is_kept_is_what_a_shadow_file_holds() {
        let kept = hash("secret: a\nb").unwrap();
        assert!(kept.starts_with("$6$") && !kept.contains([':', '\n']), "{kept}");
        ShaCrypt::default().verify_password(b"secret: a\nb", kept.as_str()).unwrap();
        let salt = kept.rsplit('$').nth(1).unwrap();
        assert_eq!(salt.len(), 16, "no more than a guest's crypt reads: {kept}");
        assert_ne!(kept, hash("secret: a\nb").unwrap(), "salted");
    }
}
