//! `OS::Nova::…`: types whose things the compute service has.

pub(super) mod keypair;
pub(super) mod server;

use compute::facade::Delegate;
use kit::ids::RequestId;
use kit::policy::Caller;

use super::Act;
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
fn with_delegate<T>(act: &Act<'_>, work: impl FnOnce(&Delegate<'_>) -> T) -> T {
    delegated(act.hand, act.stack, &act.caller, work)
}
