//! Resource types as the API lists them: a view of the table of plug-ins and of [`crate::resources::release`].

pub(crate) mod api;
mod descriptions;
mod logic;
mod skeleton;
mod view;
