//! `OS::Heat::…`: types whose things are nowhere but in the stack.

pub(super) mod none;
pub(super) mod random_string;
pub(super) mod test_resource;
pub(super) mod value;
