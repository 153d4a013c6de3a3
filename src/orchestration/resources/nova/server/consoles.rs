//! The attribute `console_urls`: an address of each type of console, or why there is none.
//!
//! Each look promises anew; an address is good once.

use compute::facade::Delegate;
use kit::error::Result;
use kit::ids::ServerId;
use serde_json::{Map, Value};

use crate::resources::Look;
use crate::resources::nova::delegated;

/// The types that Heat asks for, each with its protocol.
static TYPES: &[(&str, &str)] = &[
    ("novnc", "vnc"),
    ("xvpvnc", "vnc"),
    ("spice-html5", "spice"),
    ("rdp-html5", "rdp"),
    ("serial", "serial"),
    ("webmks", "mks"),
];

/// What each type of console answers.
pub(super) fn urls(look: &Look<'_>) -> Result<Value> {
    let caller = look.hand.caller(look.stack)?;
    let id = ServerId::from(look.physical());
    let told = |delegate: &Delegate<'_>, protocol, kind| {
        let url = delegate.console_url(&id, protocol, kind);
        url.unwrap_or_else(|error| format!("Cannot get console url: {}", error.public))
    };
    let urls: Map<_, _> = delegated(look.hand, look.stack, &caller, |delegate| {
        let urls = TYPES.iter().map(|(kind, protocol)| (kind, told(delegate, protocol, kind)));
        urls.map(|(kind, url)| ((*kind).to_owned(), Value::String(url))).collect()
    });
    Ok(Value::Object(urls))
}
