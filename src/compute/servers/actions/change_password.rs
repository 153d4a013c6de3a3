//! `changePassword`: the password of a guest's administrator becomes another one.
//!
//! The guest is asked first whether it has `chpasswd`: without it the request is refused, as Nova
//! refuses it of drivers that cannot. **Invariant:** the journal never holds the password, only
//! what the guest's own `/etc/shadow` will hold: its salted hash.

use bytes::Bytes;
use kit::Platform;
use kit::engine::{EngineError, Exec, Power};
use kit::error::{Error, Kind, Result};
use kit::http::{Call, Reply};
use kit::ids::ServerId;
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

const TOOL: &str = "chpasswd";
/// The user of the guest that may change passwords.
const ROOT: &str = "0";

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
        let user = server.image_properties.get(ADMIN_USER).map_or(DEFAULT_USER, |user| user);
        Self { user: user.to_owned(), hash }
    }
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

/// Whether the guest runs, and has the tool.
async fn check_guest(platform: &Platform, server: &Server) -> Result<()> {
    let name = server.engine_name();
    let seen = platform.engine.inspect(&name).await?;
    if seen.is_none_or(|guest| guest.power != Power::Running) {
        let why = format!("instance {} is not running", server.id);
        return Err(Error::conflict(not_set(server.id.as_str(), &why)));
    }
    let question = Exec {
        command: vec![TOOL.to_owned(), "--help".to_owned()],
        user: ROOT.to_owned(),
        ..Exec::default()
    };
    match platform.engine.exec(&name, &question).await {
        Ok(outcome) if !matches!(outcome.exit_code, 126 | 127) => Ok(()),
        Ok(_) | Err(EngineError::Refused(_) | EngineError::NotFound(_)) => {
            Err(Error::conflict("Set admin password is not supported"))
        }
        Err(error) => Err(error.into()),
    }
}

/// Nova: `InstancePasswordSetFailed`.
fn not_set(id: &str, why: &str) -> String {
    format!("Failed to set admin password on {id} because {why}")
}

/// As `/etc/shadow` has a password.
pub(crate) fn hash(password: &str) -> Result<String> {
    let hash = ShaCrypt::default().hash_password(password.as_bytes());
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
    let exec = Exec {
        command: vec![TOOL.to_owned(), "-e".to_owned()],
        user: ROOT.to_owned(),
        stdin: Some(Bytes::from(format!("{user}:{hash}\n"))),
        ..Exec::default()
    };
    let outcome = platform.engine.exec(name, &exec).await?;
    if outcome.exit_code == 0 {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&outcome.output).into_owned();
    let sentence = not_set(id.as_str(), "error setting admin password");
    Err(Failure::Fail(Error::new(Kind::Internal, sentence).private(said)))
}

fn become_active(context: &Context, connection: &Connection) -> Result<()> {
    settle(context, connection, VmState::Active, PowerState::Running)
}

#[cfg(test)]
mod tests {
    use sha_crypt::PasswordVerifier;

    use super::*;

    #[test]
    fn what_is_kept_is_what_a_shadow_file_holds() {
        let kept = hash("secret: a\nb").unwrap();
        assert!(kept.starts_with("$6$") && !kept.contains([':', '\n']), "{kept}");
        ShaCrypt::default().verify_password(b"secret: a\nb", kept.as_str()).unwrap();
        assert_ne!(kept, hash("secret: a\nb").unwrap(), "salted");
    }
}
