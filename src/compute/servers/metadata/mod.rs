//! A server's metadata: the owner's keys and values. They become environment variables of the
//! guest when it is made; later changes reach it through the metadata service only.

pub(crate) mod api;
