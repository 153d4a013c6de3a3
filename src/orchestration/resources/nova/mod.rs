//! `OS::Nova::…`: types whose things the compute service has.

pub(super) mod flavor;
pub(super) mod floating_ip;
pub(super) mod floating_ip_association;
pub(super) mod host_aggregate;
pub(super) mod keypair;
pub(super) mod quota;
pub(super) mod server;
pub(super) mod server_group;

use compute::facade::Delegate;
use kit::error::Result;
use kit::ids::RequestId;
use kit::policy::Caller;
use serde_json::Value;

use super::{Act, Look, member_of};
use crate::engine::Hand;
use crate::stacks::model::Stack;

/// Runs `work` with the rights of `caller`.
pub(super) fn delegated<T>(
    hand: Hand<'_>,
    stack: &Stack,
    caller: &Caller,
    work: impl FnOnce(&Delegate<'_>) -> T,
) -> T {
    let request_id = RequestId::from(stack.request_id.as_str());
    work(&Delegate {
        platform: hand.platform,
        connection: hand.connection,
        caller,
        request_id: &request_id,
        now: hand.now,
    })
}

/// Runs `work` with the rights of the stack's user.
pub(super) fn with_delegate<T>(act: &Act<'_>, work: impl FnOnce(&Delegate<'_>) -> T) -> T {
    delegated(act.hand, act.stack, &act.caller, work)
}

/// What `show` says of the thing under that name; all of it for `show`.
fn shown_in(
    look: &Look<'_>,
    name: &str,
    show: impl FnOnce(&Delegate<'_>) -> Result<Value>,
) -> Result<Value> {
    let caller = look.hand.caller(look.stack)?;
    let shown = delegated(look.hand, look.stack, &caller, show)?;
    Ok(member_of(shown, name))
}
