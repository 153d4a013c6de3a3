//! `AWS::EC2::…`: servers, and networks with their ways out.

pub(in crate::resources) mod eip;
pub(in crate::resources) mod eip_association;
pub(in crate::resources) mod instance;
pub(in crate::resources) mod internet_gateway;
pub(in crate::resources) mod network_interface;
pub(in crate::resources) mod route_table;
pub(in crate::resources) mod security_group;
pub(in crate::resources) mod subnet;
pub(in crate::resources) mod subnet_route_table_association;
pub(in crate::resources) mod vpc;
pub(in crate::resources) mod vpc_gateway_attachment;

use crate::template::Property;

/// The tags of a thing that has none in Heat: a list of them is refused.
fn tags() -> Property {
    let tag = [Property::string("Key").required(), Property::string("Value").required()];
    Property::list("Tags").of(Property::map("*").with(tag).refused())
}
