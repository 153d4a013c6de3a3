//! The versions of the language, and the functions of each.

pub(crate) mod api;
