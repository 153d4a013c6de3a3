//! The volumes of a server. There is no volume service yet, so no server has one and no volume is
//! found; the answers are those that Nova gives of such a volume.

pub(crate) mod api;
