//! `AWS::EC2::VPC`: a network, and a router that its subnets are joined to. The network is what the VPC
//! is called; the router has its name.

use kit::error::{Error, Result};
use kit::ids::SubnetId;
use network::facade::{Kind, WantedInterface};
use serde_json::{Map, Value};

use super::tags;
use crate::resources::neutron::delegate;
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, gone_is_fine};
use crate::template::{Property, Schema};

pub(crate) struct Vpc;

impl Plugin for Vpc {
    fn name(&self) -> &'static str {
        "AWS::EC2::VPC"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string("CidrBlock").described("CIDR block to apply to the VPC."),
            Property::string("InstanceTenancy")
                .default("default")
                .allowed(["default", "dedicated"])
                .refused(),
            tags(),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[SHOW_ROW]
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        act.resource.physical = Some(make(act, Kind::Network)?);
        make(act, Kind::Router).map(drop)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        if act.physical().is_empty() {
            return Ok(());
        }
        gone_is_fine(delete_router(act))?;
        gone_is_fine(delegate(act).delete(Kind::Network, act.physical()))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        delegate(act).show(Kind::Network, act.physical()).map(drop)
    }

    /// Heat: a VPC is nothing that Neutron shows.
    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}

/// Makes a thing of the resource's own name; its id.
pub(super) fn make(act: &Act<'_>, kind: Kind) -> Result<String> {
    let name = Value::String(act.resource.physical_name(act.stack, 255));
    let made = delegate(act).create(kind, Map::from_iter([("name".to_owned(), name)]))?;
    Ok(made.get("id").and_then(Value::as_str).unwrap_or_default().to_owned())
}

fn delete_router(act: &Act<'_>) -> Result<()> {
    match router_of(act, act.physical())? {
        Some(router) => delegate(act).delete(Kind::Router, &router),
        None => Ok(()),
    }
}

/// The router of the VPC whose network this is; a network that was made otherwise may have none.
pub(super) fn router_of(act: &Act<'_>, network: &str) -> Result<Option<String>> {
    let delegate = delegate(act);
    let shown = delegate.show(Kind::Network, network)?;
    let name = shown.get("name").and_then(Value::as_str).unwrap_or_default();
    match delegate.find(Kind::Router, name)?.as_slice() {
        [] => Ok(None),
        [router] => Ok(Some(router.clone())),
        _ => {
            let sentence = format!("Multiple routers found with name {name}");
            Err(Error::conflict(sentence).tag("Error"))
        }
    }
}

/// Joins a subnet to the router of its VPC.
pub(super) fn join(act: &Act<'_>, network: &str, subnet: &str) -> Result<()> {
    match router_of(act, network)? {
        Some(router) => delegate(act).add_router_interface(&router, &interface(subnet)),
        None => Ok(()),
    }
}

/// Parts it from that router; gone already is success.
pub(super) fn part(act: &Act<'_>, network: &str, subnet: &str) -> Result<()> {
    let router = match router_of(act, network) {
        Ok(router) => router,
        Err(error) => return gone_is_fine(Err(error)),
    };
    let part = |router: String| delegate(act).remove_router_interface(&router, &interface(subnet));
    gone_is_fine(router.map_or(Ok(()), part))
}

/// A router's interface in a subnet.
pub(super) fn interface(subnet: &str) -> WantedInterface {
    WantedInterface { port_id: None, subnet_id: Some(SubnetId::from(subnet)) }
}
