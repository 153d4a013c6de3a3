//! Images: what servers boot from.
//!
//! **Invariant:** an image that the caller may not see is told to be absent, in every answer.
//! **Invariant:** the data of an image that is `active` never changes; a broken upload leaves
//! the image `queued` and nothing on disk.

pub(crate) mod api;
pub(crate) mod attributes;
pub(crate) mod logic;
pub mod model;
pub(crate) mod patch;
pub(crate) mod query;
pub(crate) mod store;
pub(crate) mod view;
