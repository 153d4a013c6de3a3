//! `OS::Heat::UpdateWaitConditionHandle`: a handle that every update of the stack replaces, so
//! that what was rolled out must signal anew.

use crate::resources::SHOW_ROW;
use crate::resources::heat::wait_condition_handle::Handle;
use crate::signals::received;
use crate::template::Schema;

/// The type.
pub(crate) static HANDLE: Handle = Handle {
    name: "OS::Heat::UpdateWaitConditionHandle",
    words: &received::CLOUDFORMATION,
    schema: || Schema::of([]),
    attributes: &[SHOW_ROW],
    is_url: true,
    is_replaced_by_updates: true,
};
