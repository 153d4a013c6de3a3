//! Interfaces for others, as a stack's update wants them: those that go leave first, because an
//! engine gives a guest one on a network. What has gone does not come back where the new ones fail.

use kit::step;
use kit::workflow::{Workflow, record_nothing};

use super::{attach, detach};
use crate::servers::actions::DEADLINE_SECONDS;
use crate::servers::steps::give_up;

pub(crate) static EXCHANGE: Workflow = Workflow {
    kind: "server.exchange_interfaces",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[
        step!("unplug", act: detach::take, record: detach::release, undo: (detach::put_back, attach::release)),
        step!("plug", act: attach::join, record: attach::carry, undo: (attach::part, record_nothing)),
    ],
    on_failed: give_up,
};
