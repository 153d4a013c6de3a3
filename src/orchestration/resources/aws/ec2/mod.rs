//! `AWS::EC2::…`: servers, ports, subnets and security groups.

pub(in crate::resources) mod instance;
pub(in crate::resources) mod network_interface;
pub(in crate::resources) mod security_group;
pub(in crate::resources) mod subnet;
