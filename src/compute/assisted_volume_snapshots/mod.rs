//! `/os-assisted-volume-snapshots`: a volume service asks for help with the disk of a running server.
//! No server has a volume, so there is none to help with, as Nova says of any volume that is
//! attached to nothing.

pub(crate) mod api;
