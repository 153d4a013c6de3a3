//! Another flavor for a server that is there: a resize that is confirmed as soon as it is done.
//!
//! What an update asked for is kept with the resource until the next one, because whether the server
//! has it is known only at the end.

use compute::facade::{Delegate, VmState};
use kit::error::{Error, Result};
use kit::ids::{FlavorId, ServerId};
use serde_json::{Map, Value};

use crate::resources::nova::with_delegate;
use crate::resources::{Act, Look, find_flavor};

/// Where the resource keeps the flavor that an update asked for.
const WANTED: &str = "flavor";

/// Promises the resize; nothing where an earlier update that failed has left the server with that
/// flavor.
pub(super) fn begin(act: &mut Act<'_>, new: &Map<String, Value>) -> Result<()> {
    let name = new.get("flavor").and_then(Value::as_str).unwrap_or_default();
    let flavor = find_flavor(act.hand, act.stack, &act.caller, name)?;
    let server = ServerId::from(act.physical());
    let wanted = FlavorId::from(flavor.as_str());
    if with_delegate(act, |delegate| delegate.server(&server))?.flavor.id == wanted {
        return Ok(());
    }
    with_delegate(act, |delegate| delegate.resize_server(&server, wanted))?;
    act.resource.data.insert(WANTED.to_owned(), Value::String(flavor));
    Ok(())
}

/// The resize of an earlier update is history.
pub(super) fn forget(act: &mut Act<'_>) {
    act.resource.data.remove(WANTED);
}

/// Whether the server still waits to be confirmed; an error, in Heat's words, if it did not get the
/// flavor.
pub(super) fn is_unconfirmed(look: &Look<'_>, delegate: &Delegate<'_>) -> Result<bool> {
    let Some(wanted) = look.resource.data.get(WANTED).and_then(Value::as_str) else {
        return Ok(false);
    };
    let server = delegate.server(&ServerId::from(look.physical()))?;
    if server.flavor.id.as_str() == wanted {
        return Ok(server.vm_state == VmState::Resized);
    }
    let status = delegate.show_server(&server.id)?;
    let status = status.get("status").and_then(Value::as_str).unwrap_or("UNKNOWN");
    Err(Error::conflict(format!("Resizing to '{wanted}' failed, status '{status}'")))
}
