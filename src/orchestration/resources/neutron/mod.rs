//! `OS::Neutron::…`: types whose things the network service has.
//!
//! A type that does nothing but hand its properties over is a row of [`Plain`].

pub(super) mod address_scope;
pub(super) mod extra_route;
pub(super) mod extra_route_set;
pub(super) mod floating_ip;
pub(super) mod floating_ip_association;
pub(super) mod floating_ip_port_forward;
pub(super) mod hidden;
pub(super) mod net;
pub(super) mod port;
pub(super) mod provider_net;
pub(super) mod quota;
pub(super) mod rbac_policy;
pub(super) mod router;
pub(super) mod router_gateway;
pub(super) mod router_interface;
pub(super) mod security_group;
pub(super) mod security_group_rule;
pub(super) mod subnet;
pub(super) mod subnet_pool;

use kit::error::{Error, Result};
use kit::policy::Caller;
use network::facade::{Delegate, Kind};
use serde_json::{Map, Value};

use super::nested::Form;
use super::{Act, Attribute, Look, Plugin, Updated, ambiguous, gone_is_fine, member_of};
use crate::engine::Hand;
use crate::stack_resources::model::Resource;
use crate::template::diff::Frozen;
use crate::template::{self, HiddenNeeds, Schema};

/// A type whose properties are attributes of the API.
pub(crate) struct Plain {
    name: &'static str,
    kind: Kind,
    schema: fn() -> Schema,
    attributes: &'static [Attribute],
    /// Says what is wrong with properties together, before anything exists.
    validate: fn(&Form<'_>) -> template::Result<()>,
    /// Turns properties into attributes: names into ids, Heat's words into Neutron's.
    translate: fn(&Delegate<'_>, &mut Map<String, Value>) -> Result<()>,
    /// Says what becomes of properties that the template no longer names.
    take_away: TakeAway,
}

/// What the API is told, all properties, and the names of those that changed.
type TakeAway = fn(&mut Map<String, Value>, &Map<String, Value>, &[String]);

impl Plain {
    /// What the API is told: the properties that are there, with a name if the thing has one.
    fn given(&self, act: &Act<'_>, properties: &Map<String, Value>) -> Result<Map<String, Value>> {
        let delegate = delegate(act);
        let mut given = properties.clone();
        given.retain(|_, value| !value.is_null());
        if let Some(Value::Object(specs)) = given.remove("value_specs") {
            given.extend(specs);
        }
        if given.get("name").is_none() && self.schema().get("name").is_some() {
            let name = act.resource.physical_name(act.stack, 255);
            given.insert("name".to_owned(), Value::String(name));
        }
        (self.translate)(&delegate, &mut given)?;
        Ok(given)
    }
}

impl Plugin for Plain {
    fn name(&self) -> &'static str {
        self.name
    }

    fn schema(&self) -> Schema {
        (self.schema)()
    }

    fn attributes(&self) -> &'static [Attribute] {
        self.attributes
    }

    fn hidden_needs(&self) -> Option<HiddenNeeds> {
        if self.kind == Kind::Router {
            return Some(hidden::of_router);
        }
        (self.kind == Kind::Port).then_some(hidden::of_port)
    }

    fn validate(&self, form: &Form<'_>) -> template::Result<()> {
        (self.validate)(form)
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let properties = act.resource.properties.clone();
        let made = delegate(act).create(self.kind, self.given(act, &properties)?)?;
        act.resource.physical = made.get("id").and_then(Value::as_str).map(str::to_owned);
        Ok(())
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        changed: &[String],
    ) -> Result<Updated> {
        let mut wanted = properties.clone();
        // A property that was taken away goes back to what the API says without it.
        wanted.retain(|name, _| changed.contains(name));
        let mut given = self.given(act, &wanted)?;
        if !changed.iter().any(|name| name == "name") {
            given.remove("name");
        }
        (self.take_away)(&mut given, properties, changed);
        let tags = given.remove("tags");
        if !given.is_empty() {
            delegate(act).update(self.kind, act.physical(), given)?;
        }
        if changed.iter().any(|name| name == "tags") {
            delegate(act).set_tags(self.kind, act.physical(), &tags.unwrap_or_default())?;
        }
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        gone_is_fine(delegate(act).delete(self.kind, act.physical()))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        delegate(act).show(self.kind, act.physical()).map(drop)
    }

    fn is_replaced_by_updates(&self, wanted: &Frozen) -> bool {
        self.kind == Kind::Port && port::is_always_replaced(wanted)
    }

    fn lets_go(&self, _: &Look<'_>) -> bool {
        self.kind == Kind::Port
    }

    fn let_go(&self, act: &mut Act<'_>) -> Result<()> {
        port::let_go(act)
    }

    fn take_back(&self, act: &mut Act<'_>, followers: &[Resource]) -> Result<()> {
        port::take_back(act, followers)
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        attribute(self.kind, look, name)
    }
}

/// What the network service shows of the thing under that name; all of it for `show`.
pub(super) fn attribute(kind: Kind, look: &Look<'_>, name: &str) -> Result<Value> {
    let shown = show(look, kind, look.physical())?;
    let show = |kind, id: Option<&Value>| {
        let id = id.and_then(Value::as_str).unwrap_or_default();
        show(look, kind, id)
    };
    match (kind, name) {
        (Kind::Port, "network") => show(Kind::Network, shown.get("network_id")),
        (Kind::Port, "subnets") => {
            let ips = shown.get("fixed_ips").and_then(Value::as_array).into_iter().flatten();
            ips.map(|ip| show(Kind::Subnet, ip.get("subnet_id"))).collect()
        }
        _ => Ok(member_of(shown, name)),
    }
}

/// What the network service shows the stack's user of a thing.
pub(super) fn show(look: &Look<'_>, kind: Kind, id: &str) -> Result<Value> {
    let caller = look.hand.caller(look.stack)?;
    delegate_of(look.hand, &caller).show(kind, id)
}

pub(super) fn delegate<'a>(act: &'a Act<'_>) -> Delegate<'a> {
    delegate_of(act.hand, &act.caller)
}

fn delegate_of<'a>(hand: Hand<'a>, caller: &'a Caller) -> Delegate<'a> {
    let Hand { platform, connection, now } = hand;
    Delegate { platform, connection, caller, now }
}

/// The id of what a property names by name or id.
pub(super) fn resolve(delegate: &Delegate<'_>, kind: Kind, name_or_id: &str) -> Result<String> {
    let found = delegate.find(kind, name_or_id)?;
    match found.as_slice() {
        [id] => Ok(id.clone()),
        [] => Err(Error::not_found(unknown(kind, name_or_id)).tag("NotFound")),
        _ => Err(ambiguous(name_or_id)),
    }
}

/// The sentence of Neutron's client for a thing that is not there.
pub(super) fn unknown(kind: Kind, name_or_id: &str) -> String {
    let what = match kind {
        Kind::Network => "network",
        Kind::Subnet => "subnet",
        Kind::SubnetPool => "subnetpool",
        Kind::AddressScope => "address_scope",
        Kind::Port => "port",
        Kind::SecurityGroup => "security_group",
        Kind::SecurityGroupRule => "security_group_rule",
        Kind::Router => "router",
        Kind::FloatingIp => "floatingip",
        Kind::RbacPolicy => "rbac_policy",
        Kind::PortForwarding => "port_forwarding",
    };
    format!("Unable to find {what} with name or id '{name_or_id}'")
}

/// Puts the id of what `property` names where the API wants it.
fn put_id(
    delegate: &Delegate<'_>,
    given: &mut Map<String, Value>,
    property: &str,
    kind: Kind,
    attribute: &str,
) -> Result<()> {
    if let Some(Value::String(name)) = given.remove(property) {
        let id = resolve(delegate, kind, &name)?;
        given.insert(attribute.to_owned(), Value::String(id));
    }
    Ok(())
}

/// The network that a subnet is on.
pub(super) fn network_of_subnet(act: &Act<'_>, name_or_id: &str) -> Result<String> {
    let subnet = find(act, Kind::Subnet, name_or_id)?;
    let shown = delegate(act).show(Kind::Subnet, &subnet)?;
    Ok(shown.get("network_id").and_then(Value::as_str).unwrap_or_default().to_owned())
}

/// The one network that leads outside, as far as the stack's user sees.
pub(super) fn external_network(act: &Act<'_>) -> Result<String> {
    let mut networks = delegate(act).networks()?;
    networks.retain(|network| network.external);
    match networks.as_slice() {
        [network] => Ok(network.id.to_string()),
        others => {
            let sentence = format!("Expected 1 external network, found {}", others.len());
            Err(Error::conflict(sentence).tag("Error"))
        }
    }
}

/// The id of what a template names, with the rights of the stack's user.
pub(super) fn find(act: &Act<'_>, kind: Kind, name_or_id: &str) -> Result<String> {
    find_as(act.hand, &act.caller, kind, name_or_id)
}

/// The same, with the rights of `caller`.
pub(super) fn find_as(
    hand: Hand<'_>,
    caller: &Caller,
    kind: Kind,
    name_or_id: &str,
) -> Result<String> {
    resolve(&delegate_of(hand, caller), kind, name_or_id)
}
