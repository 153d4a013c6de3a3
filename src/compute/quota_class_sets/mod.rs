//! Quota class sets: limits by class. The class `default` is everybody's default.

pub(crate) mod api;
pub(crate) mod logic;
