//! `OS::Neutron::RouterInterface`: a subnet, or that of a port, joined to a router. It is called
//! `ROUTER:subnet_id=SUBNET` or `ROUTER:port_id=PORT`, as in Heat.

use kit::error::Result;
use kit::ids::{PortId, SubnetId};
use network::facade::{Kind, WantedInterface};
use serde_json::Value;

use super::{delegate, find};
use crate::resources::nested::Form;
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, gone_is_fine};
use crate::template::{self, Error, Property, Schema};

pub(crate) struct RouterInterface;

const SUBNET: &str = "subnet_id";
const PORT: &str = "port_id";

impl Plugin for RouterInterface {
    fn name(&self) -> &'static str {
        "OS::Neutron::RouterInterface"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string("router").required().custom("neutron.router").described("The router."),
            Property::string("router_id").alias_of("router"),
            Property::string(SUBNET).alias_of("subnet"),
            Property::string("subnet")
                .custom("neutron.subnet")
                .described("The subnet, either subnet or port should be specified."),
            Property::string(PORT).alias_of("port"),
            Property::string("port")
                .custom("neutron.port")
                .described("The port, either subnet or port should be specified."),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[SHOW_ROW]
    }

    fn validate(&self, form: &Form<'_>) -> template::Result<()> {
        match (form.is_given("subnet"), form.is_given("port")) {
            (true, true) => Err(Error::new(
                "ResourcePropertyConflict",
                "Cannot define the following properties at the same time: subnet, port.",
            )),
            (false, false) => Err(Error::new(
                "PropertyUnspecifiedError",
                "At least one of the following properties must be specified: subnet, port.",
            )),
            (true, false) | (false, true) => Ok(()),
        }
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let router = find(act, Kind::Router, act.text("router").unwrap_or_default())?;
        let (key, id) = match act.text("subnet") {
            Some(subnet) => (SUBNET, find(act, Kind::Subnet, subnet)?),
            None => (PORT, find(act, Kind::Port, act.text("port").unwrap_or_default())?),
        };
        delegate(act).add_router_interface(&router, &wanted(key, &id))?;
        act.resource.physical = Some(format!("{router}:{key}={id}"));
        Ok(())
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let named = act.physical().split_once(':');
        let Some((router, (key, id))) =
            named.and_then(|(router, place)| Some((router, place.split_once('=')?)))
        else {
            return Ok(());
        };
        gone_is_fine(delegate(act).remove_router_interface(router, &wanted(key, id)))
    }

    /// Heat: an interface is nothing that Neutron shows.
    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}

fn wanted(key: &str, id: &str) -> WantedInterface {
    let is = |name| (key == name).then_some(id);
    WantedInterface {
        port_id: is(PORT).map(PortId::from),
        subnet_id: is(SUBNET).map(SubnetId::from),
    }
}
