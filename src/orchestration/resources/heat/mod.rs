//! `OS::Heat::*`: types that need no other service.

pub(super) mod none;
pub(super) mod random_string;
pub(super) mod test_resource;
pub(super) mod value;
