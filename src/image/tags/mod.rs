//! Tags of images. They live in the image's row.

pub(crate) mod api;
pub(crate) mod logic;
