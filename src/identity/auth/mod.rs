//! `/auth`: what the user of a token could log into, and the token's catalogue.

pub(crate) mod api;
