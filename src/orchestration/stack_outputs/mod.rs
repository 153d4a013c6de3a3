//! Outputs of stacks: evaluated when they are asked for.

pub(crate) mod api;
pub(crate) mod logic;
