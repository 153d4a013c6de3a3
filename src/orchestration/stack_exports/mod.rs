//! Stacks as what can be taken elsewhere: all that is needed to adopt one, and letting one go
//! without what it made.

pub(crate) mod api;
pub(crate) mod logic;
pub(crate) mod model;
mod view;
