//! What becomes of an event (`nova/api/openstack/compute/server_external_events.py`).

use kit::error::Result;
use kit::ids::ServerId;
use rusqlite::Connection;
use serde_json::Value;

use crate::servers::store;

/// What an event is about decides who has it.
struct Kind {
    name: &'static str,
    /// It says of what it is by its tag.
    tagged: bool,
    /// It is about a volume.
    of_volume: bool,
}

static KINDS: &[Kind] = &[
    Kind { name: "network-changed", tagged: false, of_volume: false },
    Kind { name: "network-vif-plugged", tagged: false, of_volume: false },
    Kind { name: "network-vif-unplugged", tagged: false, of_volume: false },
    Kind { name: "network-vif-deleted", tagged: false, of_volume: false },
    Kind { name: "volume-extended", tagged: true, of_volume: true },
    Kind { name: "power-update", tagged: true, of_volume: false },
    Kind { name: "accelerator-request-bound", tagged: true, of_volume: false },
    Kind { name: "volume-reimaged", tagged: false, of_volume: true },
];

/// What an event meets with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The server's host has it.
    Accepted,
    /// It does not say what it is about.
    Untagged,
    /// There is no such server, or it has no such volume.
    Unknown,
    /// The server is on no host.
    Homeless,
}

impl Outcome {
    /// The code that the answer has for it.
    pub(super) fn code(self) -> u16 {
        match self {
            Self::Accepted => 200,
            Self::Untagged => 400,
            Self::Unknown => 404,
            Self::Homeless => 422,
        }
    }
}

/// What each of the events meets with.
pub(super) fn judge_all(connection: &Connection, events: &[Value]) -> Result<Vec<Outcome>> {
    events.iter().map(|event| judge(connection, event)).collect()
}

fn judge(connection: &Connection, event: &Value) -> Result<Outcome> {
    let text = |key: &str| event.get(key).and_then(Value::as_str);
    let id = ServerId::from(text("server_uuid").unwrap_or_default());
    let Some(server) = store::get_for_system(connection, &id)? else { return Ok(Outcome::Unknown) };
    let name = text("name").unwrap_or_default();
    let kind = KINDS.iter().find(|kind| kind.name == name);
    Ok(match kind {
        Some(kind) if kind.tagged && text("tag").is_none() => Outcome::Untagged,
        _ if server.host.is_none() => Outcome::Homeless,
        Some(kind) if kind.of_volume => Outcome::Unknown,
        Some(_) | None => Outcome::Accepted,
    })
}
