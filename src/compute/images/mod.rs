//! Nova's old view of images, for clients from before 2.36. The images are the image service's,
//! and so is the say on who sees what: `image::facade`.

pub(crate) mod api;
pub(crate) mod logic;
mod view;
