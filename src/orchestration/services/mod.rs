//! The engines of Heat as operators see them: there is one, and it is this program.

pub(crate) mod api;
