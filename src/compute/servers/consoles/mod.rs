//! Remote consoles: a terminal in a guest, for a browser ([`page`]) or a program.
//!
//! A request for one answers with an address ([`api`]); the token in it opens one websocket, which is
//! joined to a shell in the guest ([`session`]). Never the guest's own first process: what it says
//! is the console log.
//!
//! **Invariant:** a token is good once, and not for longer than `[compute] console_token_ttl`. It
//! says by itself what it leads to; only the hash of a used one is kept.

pub(crate) mod api;
mod kinds;
mod logic;
pub(crate) mod page;
mod session;
mod store;
mod token;

pub(crate) use logic::{MOUNT, offer};
