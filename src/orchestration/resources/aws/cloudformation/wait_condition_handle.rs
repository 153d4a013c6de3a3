//! `AWS::CloudFormation::WaitConditionHandle`: a handle that is the URL which signals it.

use crate::resources::SHOW_ROW;
use crate::resources::heat::wait_condition_handle::Handle;
use crate::signals::received;
use crate::template::Schema;

/// The type.
pub(crate) static HANDLE: Handle = Handle {
    name: "AWS::CloudFormation::WaitConditionHandle",
    words: &received::CLOUDFORMATION,
    schema: || Schema::of([]),
    attributes: &[SHOW_ROW],
    is_url: true,
    is_replaced_by_updates: false,
};
