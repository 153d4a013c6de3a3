//! Groups of users: whatever role a group has, its members have.

pub(crate) mod api;
pub(crate) mod logic;
pub(crate) mod members;
pub(crate) mod model;
pub(crate) mod store;
pub(crate) mod view;
