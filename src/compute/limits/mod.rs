//! Limits: the quotas of a project under their oldest names, with its usage.

pub(crate) mod api;
mod view;
