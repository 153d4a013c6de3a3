//! What Nova removed for good: the URLs still answer, with 410, at every version.
//!
//! Upstream: `nova.api.openstack.wsgi.removed`.

use kit::error::{Error, Kind, Result};
use kit::http::{Call, Reply};

/// Any of them.
pub(crate) async fn gone(_: Call) -> Result<Reply> {
    let sentence = "This resource is no longer available. No forwarding address is given.";
    Err(Error::new(Kind::Gone, sentence))
}
