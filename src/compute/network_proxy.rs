//! Who asks the network service on behalf of a request of ours: Nova's old proxies to security
//! groups and networks. Nova's own rule is asked first, then the network service's.

use std::sync::Arc;

use kit::Platform;
use kit::clock::Time;
use kit::error::Result;
use kit::http::Call;
use kit::policy::Caller;
use network::facade::Delegate;
use rusqlite::Connection;

/// Who asks the network service: all that a closure needs of a call.
#[derive(Clone)]
pub(crate) struct Proxy {
    platform: Arc<Platform>,
    caller: Caller,
    now: Time,
}

impl Proxy {
    /// Of a call that Nova's own rule allows.
    pub(crate) fn authorized(call: &Call) -> Result<Self> {
        call.authorize()?;
        Self::of(call)
    }

    /// Of a call whose rule is asked elsewhere.
    pub(crate) fn of(call: &Call) -> Result<Self> {
        let (platform, now) = (Arc::clone(&call.platform), call.platform.clock.now());
        Ok(Self { platform, caller: call.caller()?.clone(), now })
    }

    /// The network service, in this transaction.
    pub(crate) fn network<'a>(&'a self, connection: &'a Connection) -> Delegate<'a> {
        Delegate { platform: &self.platform, connection, caller: &self.caller, now: self.now }
    }
}
