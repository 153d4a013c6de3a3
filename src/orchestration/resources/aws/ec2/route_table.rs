//! `AWS::EC2::RouteTable`: a router of a VPC besides the one that it has. Where that leads out, this one
//! does.

use kit::error::Result;
use network::facade::Kind;
use serde_json::Value;

use super::{tags, vpc};
use crate::resources::neutron::{delegate, router};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, gone_is_fine};
use crate::template::{Property, Schema};

pub(crate) struct RouteTable;

impl Plugin for RouteTable {
    fn name(&self) -> &'static str {
        "AWS::EC2::RouteTable"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string("VpcId")
                .required()
                .described("VPC ID for where the route table is created."),
            tags(),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[SHOW_ROW]
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let made = vpc::make(act, Kind::Router)?;
        act.resource.physical = Some(made.clone());
        let Some(main) = vpc::router_of(act, act.text("VpcId").unwrap_or_default())? else {
            return Ok(());
        };
        let shown = delegate(act).show(Kind::Router, &main)?;
        match shown.pointer("/external_gateway_info/network_id").and_then(Value::as_str) {
            Some(network) => router::lead_out(act, &made, Some(network)),
            None => Ok(()),
        }
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        gone_is_fine(delegate(act).delete(Kind::Router, act.physical()))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        delegate(act).show(Kind::Router, act.physical()).map(drop)
    }

    /// Heat: a route table is nothing that Neutron shows.
    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}
