//! A member as it is kept. No I/O.

use kit::clock::Time;
use kit::ids::{ImageId, ProjectId};

use crate::images::model::MemberStatus;

/// A project that an image is offered to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Member {
    pub(crate) image: ImageId,
    pub(crate) project: ProjectId,
    pub(crate) status: MemberStatus,
    pub(crate) created_at: Time,
    pub(crate) updated_at: Time,
}
