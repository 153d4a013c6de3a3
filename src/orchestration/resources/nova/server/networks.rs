//! The interfaces of a template's server: which are asked for, and the ports that are made for it.
//!
//! An interface in a subnet of its own, or with more properties than compute knows, is on a port
//! that the resource makes and that goes with the interface (Heat: internal ports).
//!
//! An update keeps the interfaces that fit what is wanted, takes the others away and adds what is
//! missing.

use std::net::IpAddr;

use compute::facade::Delegate;
use kit::error::{Error, Kind as Failed, Result};
use kit::ids::{PortId, ServerId};
use network::facade::{Kind, Nic};
use serde_json::{Map, Value};

use crate::resources::neutron::floating_ip;
use crate::resources::neutron::port::NO_FIXED_IPS;
use crate::resources::nova::with_delegate;
use crate::resources::{Act, Look, gone_is_fine, neutron, object};
use crate::stack_resources::model::Resource;
use crate::template::DeletionPolicy;

/// The property of an interface that names the floating IP that leads to it.
const FLOATING_IP: &str = "floating_ip";
/// Where the resource keeps the ports that it made.
const OWN_PORTS: &str = "internal_ports";
/// Where it keeps what an update does to its interfaces, until it is known how that went.
const MOVES: &str = "interfaces";
/// Where it keeps the servers that must be rid of what it takes back.
const PARTING: &str = "parting";

/// The text of a property of an interface; an empty one is none.
fn word<'a>(nic: &'a Value, name: &str) -> Option<&'a str> {
    nic.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The `networks` of `POST /servers`.
pub(super) fn asked(act: &mut Act<'_>, nics: &[Value]) -> Result<Value> {
    if let Some(word) = nics.iter().find_map(|nic| word(nic, "allocate_network")) {
        return Ok(Value::from(word));
    }
    (0..).zip(nics).map(|(number, nic)| one(act, number, nic)).collect()
}

/// An interface as compute asks for it: on a port, or on a network.
pub(super) fn one(act: &mut Act<'_>, number: usize, nic: &Value) -> Result<Value> {
    let mut given = Map::new();
    let mut put = |name: &str, value: String| {
        given.insert(name.to_owned(), Value::String(value));
    };
    if let Some(port) = port_of(act, number, nic)? {
        lead(act, nic, &port)?;
        put("port", port);
    } else {
        put("uuid", network(act, nic)?);
        if let Some(address) = word(nic, "fixed_ip") {
            put("fixed_ip", address.to_owned());
        }
    }
    if let Some(tag) = word(nic, "tag") {
        put("tag", tag.to_owned());
    }
    Ok(Value::Object(given))
}

/// The port that an interface is on: the one that is named, or one of its own if it needs that.
fn port_of(act: &mut Act<'_>, number: usize, nic: &Value) -> Result<Option<String>> {
    match word(nic, "port") {
        Some(name) => neutron::find(act, Kind::Port, name).map(Some),
        None if needs_own_port(nic) => make_port(act, number, nic).map(Some),
        None => Ok(None),
    }
}

/// Leads the floating IP of an interface to its port.
fn lead(act: &Act<'_>, nic: &Value, port: &str) -> Result<()> {
    match word(nic, FLOATING_IP) {
        Some(id) => floating_ip::lead(act, id, port, word(nic, "fixed_ip").map(str::to_owned)),
        None => Ok(()),
    }
}

fn needs_own_port(nic: &Value) -> bool {
    word(nic, "subnet").is_some() || nic.get("port_extra_properties").is_some_and(Value::is_object)
}

/// The network that is named, or that of the subnet.
pub(super) fn network(act: &Act<'_>, nic: &Value) -> Result<String> {
    match (word(nic, "network"), word(nic, "subnet")) {
        (Some(name), subnet) => {
            let network = neutron::find(act, Kind::Network, name)?;
            match subnet {
                Some(subnet) if neutron::network_of_subnet(act, subnet)? != network => {
                    let sentence =
                        format!("Specified subnet {subnet} does not belongs to network {network}.");
                    Err(Error::bad_request(sentence).tag("StackValidationFailed"))
                }
                Some(_) | None => Ok(network),
            }
        }
        (None, Some(subnet)) => neutron::network_of_subnet(act, subnet),
        (None, None) => {
            let sentence = format!(
                "One of the properties \"network\", \"port\", \"allocate_network\" or \"subnet\" \
                 should be set for the specified network of server \"{}\".",
                act.resource.name
            );
            Err(Error::bad_request(sentence).tag("StackValidationFailed"))
        }
    }
}

/// Makes a port and notes that it is the resource's.
fn make_port(act: &mut Act<'_>, number: usize, nic: &Value) -> Result<String> {
    let given = port(act, number, nic)?;
    let made = neutron::delegate(act).create(Kind::Port, given)?;
    let id = made.get("id").cloned().unwrap_or_default();
    let port = PortId::from(id.as_str().unwrap_or_default());
    network::facade::leave_to_compute(act.hand.connection, &port)?;
    let ports = act.resource.data.entry(OWN_PORTS).or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(ports) = ports {
        ports.push(id.clone());
    }
    Ok(port.to_string())
}

/// What the network service is told of a port of the resource's own.
fn port(act: &Act<'_>, number: usize, nic: &Value) -> Result<Map<String, Value>> {
    let extra = nic.get("port_extra_properties").and_then(Value::as_object);
    let mut given = extra.cloned().unwrap_or_default();
    given.retain(|_, value| !value.is_null());
    if let Some(Value::Object(specs)) = given.remove("value_specs") {
        given.extend(specs);
    }
    let mut address = Map::new();
    if let Some(ip) = word(nic, "fixed_ip") {
        address.insert("ip_address".to_owned(), Value::from(ip));
    }
    if let Some(subnet) = word(nic, "subnet") {
        let id = neutron::find(act, Kind::Subnet, subnet)?;
        address.insert("subnet_id".to_owned(), Value::String(id));
    }
    let has_none = given.remove(NO_FIXED_IPS) == Some(Value::Bool(true));
    if has_none {
        given.insert("fixed_ips".to_owned(), Value::Array(Vec::new()));
    } else if !address.is_empty() {
        given.insert("fixed_ips".to_owned(), Value::Array(vec![Value::Object(address)]));
    }
    let groups = groups(act)?;
    if !groups.is_empty() {
        given.insert("security_groups".to_owned(), Value::Array(groups));
    }
    let name = format!("{}-port-{number}", act.resource.name);
    given.insert("name".to_owned(), Value::String(name));
    given.insert("network_id".to_owned(), Value::String(network(act, nic)?));
    Ok(given)
}

/// The ids of the server's security groups.
fn groups(act: &Act<'_>) -> Result<Vec<Value>> {
    let named = act.resource.properties.get("security_groups").and_then(Value::as_array);
    let find = |name: &Value| {
        let name = name.as_str().unwrap_or_default();
        neutron::find(act, Kind::SecurityGroup, name).map(Value::String)
    };
    named.into_iter().flatten().map(find).collect()
}

/// Removes the ports that were made for the server and that it never got; others go with it.
pub(super) fn remove_ports(act: &mut Act<'_>) -> Result<()> {
    let Some(Value::Array(ports)) = act.resource.data.remove(OWN_PORTS) else { return Ok(()) };
    for port in ports.iter().filter_map(Value::as_str) {
        let delegate = neutron::delegate(act);
        let is_free = |shown: Value| shown.get("device_id").is_some_and(|device| device == "");
        if delegate.show(Kind::Port, port).is_ok_and(is_free) {
            gone_is_fine(delegate.delete(Kind::Port, port))?;
        }
    }
    Ok(())
}

/// What an interface of the template must have; what is not said fits all.
#[derive(Debug, Default, PartialEq)]
struct Wish {
    port: Option<String>,
    network: Option<String>,
    subnet: Option<String>,
    address: Option<IpAddr>,
    extra: Option<Value>,
}

impl Wish {
    fn of(act: &Act<'_>, nic: &Value) -> Result<Self> {
        let id = |name: &str, kind| {
            word(nic, name).map(|name| neutron::find(act, kind, name)).transpose()
        };
        Ok(Self {
            port: id("port", Kind::Port)?,
            network: id("network", Kind::Network)?,
            subnet: id("subnet", Kind::Subnet)?,
            address: word(nic, "fixed_ip").and_then(|text| text.parse().ok()),
            extra: nic.get("port_extra_properties").filter(|extra| extra.is_object()).cloned(),
        })
    }

    fn fits(&self, nic: &Nic) -> bool {
        let addresses = &nic.addresses;
        self.port.as_ref().is_none_or(|id| id == nic.port.as_str())
            && self.network.as_ref().is_none_or(|id| id == nic.network.as_str())
            && self.address.is_none_or(|wanted| addresses.iter().any(|(one, _)| *one == wanted))
            && self
                .subnet
                .as_ref()
                .is_none_or(|id| addresses.iter().any(|(_, subnet)| subnet.as_str() == id))
    }
}

/// What becomes of the interfaces of a server.
#[derive(Debug, Default, PartialEq)]
struct Exchange {
    /// The ports that go.
    gone: Vec<PortId>,
    /// The wishes that are still to be fulfilled.
    missing: Vec<usize>,
    /// The wishes that are, and by which port.
    kept: Vec<(usize, PortId)>,
}

/// Which interfaces go, which come, and which stay. PURE.
fn decide(nics: &[Nic], old: &[Wish], new: &[Wish]) -> Exchange {
    let mut owned: Vec<(&Nic, Option<&Value>)> = Vec::new();
    for wish in old {
        let is_free = |nic: &&Nic| !owned.iter().any(|(other, _)| other.port == nic.port);
        let found = nics.iter().filter(is_free).find(|nic| wish.fits(nic));
        owned.extend(found.map(|nic| (nic, wish.extra.as_ref())));
    }
    // A server without wishes has whatever it was given.
    if old.is_empty() {
        owned = nics.iter().map(|nic| (nic, None)).collect();
    }
    let mut exchange = Exchange::default();
    for (number, wish) in new.iter().enumerate() {
        let fits =
            |(nic, extra): &(&Nic, Option<&Value>)| wish.fits(nic) && *extra == wish.extra.as_ref();
        match owned.iter().position(fits) {
            Some(at) => exchange.kept.push((number, owned.remove(at).0.port.clone())),
            None => exchange.missing.push(number),
        }
    }
    exchange.gone = owned.into_iter().map(|(nic, _)| nic.port.clone()).collect();
    exchange
}

/// Makes the interfaces of the server those of `new`.
pub(super) fn update(act: &mut Act<'_>, new: &Map<String, Value>) -> Result<()> {
    let list = |properties: &Map<String, Value>| {
        properties.get("networks").and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let (before, after) = (list(&act.resource.properties), list(new));
    let allocation = after.iter().find_map(|nic| word(nic, "allocate_network"));
    let wishes = |act: &Act<'_>, list: &[Value]| {
        let listed = list.iter().filter(|nic| word(nic, "allocate_network").is_none());
        listed.map(|nic| Wish::of(act, nic)).collect::<Result<Vec<_>>>()
    };
    let (old, wanted) = (wishes(act, &before)?, wishes(act, &after)?);
    if before.is_empty() && after.is_empty() {
        return Ok(());
    }
    let id = ServerId::from(act.physical());
    let nics = with_delegate(act, |delegate| delegate.interfaces(&id))?;
    let Exchange { gone, missing, kept } = decide(&nics, &old, &wanted);
    move_floating_ips(act, &before, &after, &kept)?;
    let mut asked = Vec::new();
    for (number, nic) in after.iter().enumerate().filter(|(number, _)| missing.contains(number)) {
        asked.push(one(act, number, nic)?);
    }
    if wanted.is_empty() && allocation != Some("none") {
        asked.push(Value::Null);
    }
    if gone.is_empty() && asked.is_empty() {
        return Ok(());
    }
    let groups = act.resource.properties.get("security_groups").and_then(Value::as_array);
    let groups = groups.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    let groups: Vec<String> = groups.collect();
    let come = with_delegate(act, |delegate| {
        delegate.exchange_interfaces(&id, gone.clone(), &asked, &groups)
    })?;
    note_moves(act, &gone, &come);
    Ok(())
}

/// Leads the floating IPs of interfaces that stay to them, and those that no interface has any more
/// nowhere.
fn move_floating_ips(
    act: &Act<'_>,
    before: &[Value],
    after: &[Value],
    kept: &[(usize, PortId)],
) -> Result<()> {
    let has = |id: &str| after.iter().any(|nic| word(nic, FLOATING_IP) == Some(id));
    let mut named = before.iter().filter_map(|nic| word(nic, FLOATING_IP));
    named.try_for_each(|id| if has(id) { Ok(()) } else { floating_ip::part(act, id) })?;
    let kept = kept.iter().filter_map(|(number, port)| Some((after.get(*number)?, port)));
    kept.into_iter().try_for_each(|(nic, port)| lead(act, nic, port.as_str()))
}

/// Whether an interface has what no other server can have: a port, an address or a MAC of its own.
fn holds_place(nic: &Value) -> bool {
    let extra = nic.get("port_extra_properties");
    let has_mac = extra.is_some_and(|extra| word(extra, "mac_address").is_some());
    has_mac || word(nic, "port").is_some() || word(nic, "fixed_ip").is_some()
}

fn nics_of(properties: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    properties.get("networks").and_then(Value::as_array).into_iter().flatten()
}

/// Whether one of the interfaces of a server with these properties has.
pub(super) fn holds_places(properties: &Map<String, Value>) -> bool {
    nics_of(properties).any(holds_place)
}

/// Whether there is something to take back from a server that came after one with these properties:
/// a place, or a floating IP.
pub(super) fn holds_anything(properties: &Map<String, Value>) -> bool {
    nics_of(properties).any(|nic| holds_place(nic) || word(nic, FLOATING_IP).is_some())
}

/// Begins to part the server from what its successor needs.
pub(super) fn let_go(act: &mut Act<'_>) -> Result<()> {
    forget_moves(act);
    let id = ServerId::from(act.physical());
    let properties = act.resource.properties.clone();
    let gone = part(act, &id, &properties)?;
    note_moves(act, &gone, &[]);
    Ok(())
}

/// Begins to part a server of these properties from them; the ports that go.
fn part(act: &Act<'_>, id: &ServerId, properties: &Map<String, Value>) -> Result<Vec<PortId>> {
    if !holds_places(properties) {
        return Ok(Vec::new());
    }
    let nics = with_delegate(act, |delegate| delegate.interfaces(id))?;
    let mut gone = Vec::new();
    for nic in nics_of(properties).filter(|nic| holds_place(nic)) {
        let wish = match Wish::of(act, nic) {
            Ok(wish) => wish,
            // What is not there any more is nobody's.
            Err(error) if error.kind == Failed::NotFound => continue,
            Err(error) => return Err(error),
        };
        let ports = nics.iter().filter(|nic| wish.fits(nic)).map(|nic| nic.port.clone());
        let port = ports.into_iter().find(|port| !gone.contains(port));
        gone.extend(port);
    }
    if !gone.is_empty() {
        with_delegate(act, |delegate| delegate.exchange_interfaces(id, gone.clone(), &[], &[]))?;
    }
    Ok(gone)
}

/// Begins to take the places back: whoever came after the server is parted from them, or goes if that
/// cannot be; then it gets them ([`are_taken_back`]).
pub(super) fn take_back(act: &mut Act<'_>, followers: &[Resource]) -> Result<()> {
    forget_moves(act);
    for follower in followers {
        let id = ServerId::from(follower.physical.as_deref().unwrap_or_default());
        let parted = part(act, &id, &follower.properties).map(drop);
        let outcome = match parted {
            // Heat waits until one that boots has booted.
            Err(error)
                if error.kind == Failed::Conflict
                    && follower.deletion_policy == DeletionPolicy::Delete =>
            {
                with_delegate(act, |delegate| delegate.delete_server(&id))
            }
            outcome => outcome,
        };
        gone_is_fine(outcome)?;
    }
    let ids = followers.iter().filter_map(|row| row.physical.clone()).map(Value::String);
    act.resource.data.insert(PARTING.to_owned(), ids.collect());
    Ok(())
}

/// The servers that are being parted from what this one takes back.
pub(super) fn parting(resource: &Resource) -> impl Iterator<Item = ServerId> {
    let ids = resource.data.get(PARTING).and_then(Value::as_array).into_iter().flatten();
    ids.filter_map(Value::as_str).map(ServerId::from)
}

/// Gives the server back what it had, once it is free; `false` where nothing is taken back.
pub(super) fn are_taken_back(act: &mut Act<'_>) -> Result<bool> {
    if act.resource.data.remove(PARTING).is_none() {
        return Ok(false);
    }
    let own = act.resource.properties.clone();
    update(act, &own).map(|()| true)
}

/// Keeps what comes and goes, until it is known that it has.
fn note_moves(act: &mut Act<'_>, gone: &[PortId], come: &[PortId]) {
    let texts = |ports: &[PortId]| ports.iter().map(|port| Value::from(port.as_str())).collect();
    let moves = object([("gone", texts(gone)), ("come", texts(come))]);
    act.resource.data.insert(MOVES.to_owned(), moves);
}

/// The moves of an earlier update are history.
pub(super) fn forget_moves(act: &mut Act<'_>) {
    act.resource.data.remove(MOVES);
}

/// Says which interface did not come or go as an update wanted, in Heat's words.
pub(super) fn check_moves(look: &Look<'_>, delegate: &Delegate<'_>) -> Result<()> {
    let Some(moves) = look.resource.data.get(MOVES) else { return Ok(()) };
    let server = ServerId::from(look.physical());
    let nics = delegate.interfaces(&server)?;
    let is_there = |port: &&str| nics.iter().any(|nic| nic.port.as_str() == *port);
    let ports = |name: &str| {
        moves.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    };
    if let Some(port) = ports("come").find(|port| !is_there(port)) {
        let sentence = format!("Failed to attach interface ({port}) to server ({server})");
        return Err(Error::conflict(sentence).tag("InterfaceAttachFailed"));
    }
    if let Some(port) = ports("gone").find(is_there) {
        let sentence = format!("Failed to detach interface ({port}) from server ({server})");
        return Err(Error::conflict(sentence).tag("InterfaceDetachFailed"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use network::ports::model::PortStatus;

    use super::*;

    fn nic(port: &str, network: &str, address: &str) -> Nic {
        Nic {
            port: PortId::from(port),
            port_name: String::new(),
            status: PortStatus::Active,
            network: network.into(),
            network_name: String::new(),
            network_project: "p".into(),
            engine_network: String::new(),
            addresses: vec![(address.parse().unwrap(), "s".into())],
            floating_addresses: Vec::new(),
            subnets: Vec::new(),
            mac: String::new(),
            up: true,
            mtu: 1500,
            tag: None,
            created_by_compute: true,
        }
    }

    fn on(network: &str) -> Wish {
        Wish { network: Some(network.to_owned()), ..Wish::default() }
    }

    #[test]
    fn what_fits_stays_and_nothing_that_others_attached_goes() {
        let nics =
            [nic("1", "a", "10.0.0.1"), nic("2", "b", "10.0.1.1"), nic("3", "c", "10.0.2.1")];
        let exchange = decide(&nics, &[on("a"), on("b")], &[on("b"), on("d")]);
        assert_eq!((exchange.gone, exchange.missing), (vec![PortId::from("1")], vec![1]));
        assert_eq!(exchange.kept, [(0, PortId::from("2"))]);
        let elsewhere = Wish { address: "10.0.0.9".parse().ok(), ..on("a") };
        let exchange = decide(&nics, &[on("a")], &[elsewhere]);
        assert_eq!((exchange.gone, exchange.missing), (vec![PortId::from("1")], vec![0]));
        let exchange = decide(&nics, &[], &[on("c")]);
        assert_eq!((exchange.gone.len(), exchange.missing.len()), (2, 0));
    }
}
