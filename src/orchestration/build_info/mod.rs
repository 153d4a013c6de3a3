//! Which build answers.

pub(crate) mod api;
