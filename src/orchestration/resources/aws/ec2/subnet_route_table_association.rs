//! `AWS::EC2::SubnetRouteTableAssociation`: a subnet is joined to a route table instead of to the
//! router of its VPC.

use kit::error::Result;
use serde_json::Value;

use super::vpc;
use crate::resources::neutron::{delegate, network_of_subnet};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, gone_is_fine};
use crate::template::{Property, Schema};

pub(crate) struct SubnetRouteTableAssociation;

const TABLE: &str = "RouteTableId";
const SUBNET: &str = "SubnetId";

impl Plugin for SubnetRouteTableAssociation {
    fn name(&self) -> &'static str {
        "AWS::EC2::SubnetRouteTableAssociation"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string(TABLE).required().described("Route table ID."),
            Property::string(SUBNET).required().custom("neutron.subnet").described("Subnet ID."),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[SHOW_ROW]
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let (table, subnet) = ends(act);
        vpc::part(act, &network_of_subnet(act, subnet)?, subnet)?;
        delegate(act).add_router_interface(table, &vpc::interface(subnet))?;
        act.resource.physical = Some(act.resource.number.to_string());
        Ok(())
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        if act.physical().is_empty() {
            return Ok(());
        }
        let (table, subnet) = ends(act);
        gone_is_fine(delegate(act).remove_router_interface(table, &vpc::interface(subnet)))?;
        let back = network_of_subnet(act, subnet);
        gone_is_fine(back.and_then(|network| vpc::join(act, &network, subnet)))
    }

    /// Heat: an association is nothing that any service has.
    fn reference(&self, look: &Look<'_>) -> String {
        look.resource.name.clone()
    }

    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}

/// The route table and the subnet.
fn ends<'a>(act: &'a Act<'_>) -> (&'a str, &'a str) {
    (act.text(TABLE).unwrap_or_default(), act.text(SUBNET).unwrap_or_default())
}
