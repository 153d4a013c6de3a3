//! Domains: projects that act as one. Rows and rules are those of `projects`; here is how the API
//! shows them under their own name.

pub(crate) mod api;
pub(crate) mod view;
