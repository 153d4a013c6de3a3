//! Asks the engine about a guest.

use kit::clock::Time;
use kit::engine::{EngineError, Power, Usage};
use kit::error::{Error, Result};
use kit::{Kind, Platform};
use network::facade::Nic;

use crate::servers::model::{PowerState, Server};
use crate::servers::states;

/// All that is shown.
pub(super) struct Figures {
    pub(super) server: Server,
    /// In the order in which the guest numbers them.
    pub(super) nics: Vec<Nic>,
    pub(super) usage: Usage,
    /// Since the guest was last started.
    pub(super) uptime_seconds: Option<i64>,
    /// The kind of the engine.
    pub(super) engine: &'static str,
}

/// The figures of a guest that runs.
pub(super) async fn of(platform: &Platform, server: Server, nics: Vec<Nic>) -> Result<Figures> {
    let name = server.engine_name();
    let seen = platform.engine.inspect(&name).await?;
    let power = seen.as_ref().map(|guest| guest.power);
    if power != Some(Power::Running) {
        return Err(not_running(&server, power.map_or(PowerState::NoState, states::power_state)));
    }
    let usage = platform.engine.usage(&name).await.map_err(uncounted)?;
    let now = platform.clock.now();
    let up = |since: Time| now.seconds().saturating_sub(since.seconds());
    let engine = platform.engine.info().await?.kind;
    let uptime_seconds = seen.and_then(|guest| guest.started_at).map(up);
    Ok(Figures { server, nics, usage, uptime_seconds, engine })
}

/// Nova: `InstanceInvalidState` of the power state.
fn not_running(server: &Server, power: PowerState) -> Error {
    let sentence = format!(
        "Cannot 'get_diagnostics' instance {} while it is in power state {}",
        server.id,
        word(power)
    );
    Error::conflict(sentence)
}

/// As Nova names power.
fn word(power: PowerState) -> &'static str {
    match power {
        PowerState::NoState => "pending",
        PowerState::Running => "running",
        PowerState::Paused => "paused",
        PowerState::Shutdown => "shutdown",
        PowerState::Crashed => "crashed",
        PowerState::Suspended => "suspended",
    }
}

/// An engine may have no figures at all.
fn uncounted(error: EngineError) -> Error {
    let error = Error::from(error);
    if error.kind != Kind::NotImplemented {
        return error;
    }
    Error { public: "The requested functionality is not supported.".to_owned(), ..error }
}
