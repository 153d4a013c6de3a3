//! Stacks as what can be taken elsewhere: all that Heat needs to adopt one, and letting one go
//! without what it made.

pub(crate) mod api;
mod logic;
mod view;
