//! `OS::Heat::…`: types whose things are nowhere but in the stack.

pub(super) mod none;
pub(super) mod random_string;
pub(super) mod test_resource;
pub(super) mod update_wait_condition_handle;
pub(super) mod value;
pub(super) mod wait_condition;
pub(super) mod wait_condition_handle;
