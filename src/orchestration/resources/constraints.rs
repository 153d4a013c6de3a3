//! Custom constraints: what other services must know of a value. One row each.

use std::net::IpAddr;

use identity::facade::Kind as Entity;
use ipnet::IpNet;
use kit::error::{Error, Kind as Failed, Result};
use kit::ids::ServerId;
use kit::policy::Caller;
use network::facade::Kind;

use super::{docker, find_flavor, find_image, keystone, neutron, nova};
use crate::engine::Hand;
use crate::stacks::model::Stack;
use crate::template::CustomCheck;

/// Who asks, for which stack.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    pub(crate) hand: Hand<'a>,
    pub(crate) stack: &'a Stack,
    pub(crate) caller: &'a Caller,
}

/// Says what is wrong with a value.
type Check = fn(&Asker<'_>, &str) -> Result<()>;

static ALL: &[(&str, Check)] = &[
    ("docker.image", |asker, text| docker::find_image(asker.hand, asker.caller, text).map(drop)),
    ("glance.image", |asker, text| find_image(asker.hand, asker.caller, text).map(drop)),
    ("heat.signal_transport", |_, text| transport(text)),
    ("ip_addr", |_, text| told(text.parse::<IpAddr>().is_ok(), "Invalid IP address")),
    ("ip_or_cidr", |_, text| {
        let right = text.parse::<IpAddr>().is_ok() || text.parse::<IpNet>().is_ok();
        told(right, "Invalid IP or CIDR")
    }),
    ("keystone.domain", |asker, text| keystone(asker, Entity::Domain, text)),
    ("keystone.group", |asker, text| keystone(asker, Entity::Group, text)),
    ("keystone.project", |asker, text| keystone(asker, Entity::Project, text)),
    ("keystone.region", |asker, text| keystone(asker, Entity::Region, text)),
    ("keystone.role", |asker, text| keystone(asker, Entity::Role, text)),
    ("keystone.service", |asker, text| keystone(asker, Entity::Service, text)),
    ("keystone.user", |asker, text| keystone(asker, Entity::User, text)),
    ("mac_addr", |_, text| told(is_mac(text), "Invalid MAC address.")),
    ("net_cidr", |_, text| told(text.parse::<IpNet>().is_ok(), "Invalid net cidr")),
    ("neutron.address_scope", |asker, text| network(asker, Kind::AddressScope, text)),
    ("neutron.network", |asker, text| network(asker, Kind::Network, text)),
    ("neutron.port", |asker, text| network(asker, Kind::Port, text)),
    ("neutron.router", |asker, text| network(asker, Kind::Router, text)),
    ("neutron.security_group", |asker, text| network(asker, Kind::SecurityGroup, text)),
    ("neutron.subnet", |asker, text| network(asker, Kind::Subnet, text)),
    ("neutron.subnetpool", |asker, text| network(asker, Kind::SubnetPool, text)),
    ("nova.flavor", |asker, text| {
        find_flavor(asker.hand, asker.stack, asker.caller, text).map(drop)
    }),
    ("nova.host", host),
    ("nova.keypair", keypair),
    ("nova.server", |asker, text| {
        let id = ServerId::from(text);
        let shown = nova::delegated(asker.hand, asker.stack, asker.caller, |delegate| {
            delegate.show_server(&id)
        });
        shown.map(drop)
    }),
];

/// Refuses the first value that its service does not know, and every constraint that nobody here
/// knows. An error is that nobody could say.
pub(crate) fn check(
    asker: &Asker<'_>,
    checks: &[CustomCheck],
) -> Result<crate::template::Result<()>> {
    for check in checks {
        let text = check.value.as_str().filter(|text| !text.is_empty());
        let Some(text) = text else { continue };
        let Some((_, known)) = ALL.iter().find(|(name, _)| *name == check.name) else {
            return Ok(Err(check.unknown()));
        };
        match known(asker, text) {
            Err(error) if matches!(error.kind, Failed::NotFound | Failed::BadRequest) => {
                return Ok(Err(check.refusal(&error.public)));
            }
            outcome => outcome?,
        }
    }
    Ok(Ok(()))
}

fn told(right: bool, otherwise: &str) -> Result<()> {
    if right { Ok(()) } else { Err(Error::bad_request(otherwise)) }
}

/// What a signal would need that this cloud has not.
fn transport(text: &str) -> Result<()> {
    let absent = match text {
        "ZAQAR_SIGNAL" => "The messaging service (zaqar) is not part of this cloud",
        _ => return Ok(()),
    };
    told(false, absent)
}

/// Six pairs of digits, with colons or with hyphens between them.
fn is_mac(text: &str) -> bool {
    let mark = if text.contains('-') { '-' } else { ':' };
    let parts: Vec<&str> = text.split(mark).collect();
    let hex = |part: &&str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    parts.len() == 6 && parts.iter().all(hex)
}

fn network(asker: &Asker<'_>, kind: Kind, text: &str) -> Result<()> {
    neutron::find_as(asker.hand, asker.caller, kind, text).map(drop)
}

fn keystone(asker: &Asker<'_>, kind: Entity, text: &str) -> Result<()> {
    keystone::find_as(asker.hand, asker.caller, kind, text).map(drop)
}

fn host(asker: &Asker<'_>, name: &str) -> Result<()> {
    let has =
        nova::delegated(asker.hand, asker.stack, asker.caller, |delegate| delegate.has_host(name))?;
    if has {
        return Ok(());
    }
    Err(Error::not_found(format!("The Host ({name}) could not be found.")))
}

fn keypair(asker: &Asker<'_>, name: &str) -> Result<()> {
    let has = nova::delegated(asker.hand, asker.stack, asker.caller, |delegate| {
        delegate.has_keypair(&asker.caller.user_id, name)
    })?;
    if has {
        return Ok(());
    }
    Err(Error::not_found(format!("The Key ({name}) could not be found.")))
}
