//! `AWS::EC2::VPCGatewayAttachment`: the way out of every route table of a VPC in the same stack.

use kit::error::Result;
use serde_json::Value;

use crate::resources::neutron::{external_network, hidden, router};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, gone_is_fine};
use crate::stack_resources::store;
use crate::template::{HiddenNeeds, Property, Schema};

pub(crate) struct VpcGatewayAttachment;

const VPC: &str = "VpcId";

impl Plugin for VpcGatewayAttachment {
    fn name(&self) -> &'static str {
        "AWS::EC2::VPCGatewayAttachment"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string(VPC).required().described("VPC ID for this gateway association."),
            Property::string("InternetGatewayId").described("ID of the InternetGateway."),
            Property::string("VpnGatewayId").refused(),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[SHOW_ROW]
    }

    fn hidden_needs(&self) -> Option<HiddenNeeds> {
        Some(hidden::of_gateway_attachment)
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let network = external_network(act)?;
        for table in route_tables(act)? {
            router::lead_out(act, &table, Some(&network))?;
        }
        act.resource.physical = Some(act.resource.number.to_string());
        Ok(())
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        if act.physical().is_empty() {
            return Ok(());
        }
        for table in route_tables(act)? {
            gone_is_fine(router::lead_out(act, &table, None))?;
        }
        Ok(())
    }

    /// Heat: an attachment is nothing that any service has.
    fn reference(&self, look: &Look<'_>) -> String {
        look.resource.name.clone()
    }

    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}

/// The routers of the VPC's route tables. Heat: those of this stack.
fn route_tables(act: &Act<'_>) -> Result<Vec<String>> {
    let mut rows = store::of_stack(act.hand.connection, &act.stack.id)?;
    let vpc = act.resource.properties.get(VPC);
    rows.retain(|row| row.resource_type == hidden::ROUTE_TABLE && row.properties.get(VPC) == vpc);
    Ok(rows.into_iter().filter_map(|row| row.physical).collect())
}
