//! Availability zones of networks. Agents make them in Neutron; there are none here.

pub(crate) mod api;
