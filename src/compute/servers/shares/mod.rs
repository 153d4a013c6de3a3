//! The file shares of a server, since 2.97. There is no service of shares, so no server has one and
//! no share is found; the answers are those that Nova gives of such a share.

pub(crate) mod api;
