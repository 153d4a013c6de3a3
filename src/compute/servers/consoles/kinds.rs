//! The kinds of consoles that Nova knows, and which of them this cloud has. PURE.

use kit::error::{Error, Result};

use crate::servers::states::{Action, GET_CONSOLE, GET_SERIAL_CONSOLE, GET_VNC_CONSOLE};

/// A protocol, what of it there is, and where its addresses lead.
#[derive(Debug)]
pub(crate) struct Kind {
    protocol: &'static str,
    /// The one type that can be had; any other of the protocol is invalid.
    pub(crate) console_type: Option<&'static str>,
    /// What a refusal names as the action.
    pub(crate) action: &'static Action,
    /// What replaces `http` in its addresses.
    pub(crate) scheme: &'static str,
    /// Below the mount of consoles.
    pub(crate) path: &'static str,
}

static KINDS: &[Kind] = &[
    Kind {
        protocol: "vnc",
        console_type: Some("novnc"),
        action: &GET_VNC_CONSOLE,
        scheme: "http",
        path: "/",
    },
    Kind {
        protocol: "serial",
        console_type: Some("serial"),
        action: &GET_SERIAL_CONSOLE,
        scheme: "ws",
        path: "/socket",
    },
];

/// The protocols that other clouds have; nothing here speaks them.
static NOT_HERE: Kind =
    Kind { protocol: "", console_type: None, action: &GET_CONSOLE, scheme: "", path: "" };

/// The kind of a protocol.
pub(crate) fn of(protocol: &str) -> &'static Kind {
    KINDS.iter().find(|kind| kind.protocol == protocol).unwrap_or(&NOT_HERE)
}

impl Kind {
    /// Nova's sentences for what there is not.
    pub(crate) fn check(&self, console_type: &str) -> Result<()> {
        match self.console_type {
            Some(known) if known == console_type => Ok(()),
            Some(_) => Err(Error::bad_request(format!("Invalid console type {console_type}"))),
            None => Err(Error::bad_request(format!("Unavailable console type {console_type}."))),
        }
    }
}
