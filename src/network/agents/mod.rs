//! Agents. There are none: the engine is spoken to directly, so the list is empty.

pub(crate) mod api;
