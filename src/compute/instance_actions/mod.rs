//! What was done to a server: a view of the journal. Nothing is kept here, so that what users
//! read and what the runner does can't differ.

pub(crate) mod api;
mod view;
