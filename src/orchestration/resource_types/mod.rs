//! Resource types as the API lists them: a view of the table of plug-ins.

pub(crate) mod api;
mod view;
