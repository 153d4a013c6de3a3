//! The NUMA topology of a server: a container has none of its own, so there are no nodes, as of any
//! server in Nova whose flavor asks for none.

pub(crate) mod api;
