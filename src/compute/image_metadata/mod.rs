//! Nova's old view of the properties of images, for clients from before 2.39. The properties are
//! the image service's: `image::facade`.

pub(crate) mod api;
pub(crate) mod logic;
