//! The Docker resource under its three names: a container of the project, which is a server of the
//! compute service in everything but its flavor.
//!
//! | name | properties | its address | ports that the host shows | complete |
//! |---|---|---|---|---|
//! | `OS::Heat::Docker` | `PortSpecs` | the gateway's | those asked for and those of the image | with the first line of its console, or after ten seconds |
//! | `OS::Docker::Container` | `port_specs` | the gateway's | the same | when it runs |
//! | `DockerInc::Docker::Container` | `port_specs` | its own | those of `port_bindings` | when it runs |
//!
//! With the gateway's address and a port of the host, one container reaches another whatever
//! networks they are on. A container that ends with 0 is complete; any other end fails it. What the
//! console said is kept at each action: no engine is asked inside a transaction.

mod options;
mod schema;
mod view;

use std::net::IpAddr;
use std::time::Duration;

use compute::facade::{
    Container, Delegate, GuestSeen, Server as ServerRow, ServerAction, VmState, look_at_guest,
};
use futures_util::future::BoxFuture;
use kit::engine::Protocol;
use kit::error::Result;
use kit::ids::ServerId;
use kit::workflow::{Context, Failure};
use network::facade::{Nic, nics_of};
use serde_json::{Map, Value};

use super::nova::delegated;
use super::nova::server::{Server, ended};
use super::{Act, Attribute, Look, Pending, Plugin, SHOW};
use crate::stack_resources::model::Resource;
use crate::stacks::model::Action;
use crate::template::Schema;

/// The type, by one of its names.
pub(crate) struct Docker {
    name: &'static str,
    era: Era,
}

/// Which of its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Era {
    /// The first plug-in, by Docker's makers.
    First,
    /// The same when Heat took it over.
    Contributed,
    /// Heat's, since it has its last name.
    Current,
}

pub(crate) static HEAT_DOCKER: Docker = Docker { name: "OS::Heat::Docker", era: Era::First };
pub(crate) static OS_CONTAINER: Docker =
    Docker { name: "OS::Docker::Container", era: Era::Contributed };
pub(crate) static CONTAINER: Docker =
    Docker { name: "DockerInc::Docker::Container", era: Era::Current };

/// How long the first plug-in waited for a line on the console.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest name that is made for a container's server.
const NAME_LIMIT: usize = 53;
/// How much of a failed container's console its reason shows.
const LAST_LINES: usize = 10;
/// How much of a console is kept, from its end.
const KEPT_BYTES: usize = 64 << 10;

impl Era {
    /// Whether its properties and attributes are written `LikeThis`.
    const fn is_camel(self) -> bool {
        matches!(self, Self::First)
    }

    /// Whether a container is reached at its gateway, by ports of the host.
    const fn is_behind_gateway(self) -> bool {
        !matches!(self, Self::Current)
    }

    /// A name `like_this` as its templates write it.
    fn spelled(self, name: &str) -> String {
        if !self.is_camel() {
            return name.to_owned();
        }
        let word = |word: &str| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        };
        name.split('_').map(word).collect()
    }

    const fn patience(self) -> Duration {
        match self {
            Self::First => PATIENCE,
            Self::Contributed | Self::Current => Duration::ZERO,
        }
    }
}

impl Plugin for Docker {
    fn name(&self) -> &'static str {
        self.name
    }

    fn class(&self) -> &'static str {
        if self.era == Era::First { "Docker" } else { "DockerContainer" }
    }

    fn schema(&self) -> Schema {
        schema::properties(self.era)
    }

    fn attributes(&self) -> &'static [Attribute] {
        schema::attributes(self.era)
    }

    fn is_server(&self) -> bool {
        true
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let wish = options::Wish { properties: &act.resource.properties, era: self.era };
        let container = options::container(act, &wish)?;
        let image = find_image(act.hand, &act.caller, wish.text("image").unwrap_or_default())?;
        let name = act.thing_name(NAME_LIMIT);
        let body = view::server(&name, &image, wish.text("hostname"));
        let id = with_delegate(act, |delegate| delegate.create_container(&body, container))?;
        act.resource.physical = Some(id.to_string());
        Ok(())
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        Server.delete(act)
    }

    /// Docker's plug-in: it is stopped. One that has ended is so already.
    fn suspend(&self, act: &mut Act<'_>) -> Result<()> {
        unless(act, VmState::Stopped, ServerAction::Stop)
    }

    fn resume(&self, act: &mut Act<'_>) -> Result<()> {
        unless(act, VmState::Active, ServerAction::Start)
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        let id = ServerId::from(act.physical());
        with_delegate(act, |delegate| delegate.server(&id)).map(drop)
    }

    fn pending(&self, look: &Look<'_>) -> Result<Pending> {
        Server.pending(look)
    }

    fn observe(
        &self,
        context: Context,
        resource: Resource,
    ) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
        let patience = self.era.patience();
        Box::pin(async move {
            let Some(id) = resource.physical.filter(|_| resource.action != Action::Delete) else {
                return Ok(Map::new());
            };
            let is_new = resource.action == Action::Create;
            let patience = if is_new { patience } else { Duration::ZERO };
            let seen = look_at_guest(&context.platform, &ServerId::from(id), patience).await?;
            let Some(seen) = seen else { return Ok(Map::new()) };
            match seen.exit_code {
                Some(code) if code != 0 && is_new => {
                    Err(Failure::Fail(ended(code, &last_lines(&seen.console))))
                }
                Some(_) | None => Ok(kept(&seen)),
            }
        })
    }

    fn goes_before_its_successor(&self, look: &Look<'_>) -> Result<bool> {
        let properties = &look.resource.properties;
        Ok(options::holds_ports(&options::Wish { properties, era: self.era }))
    }

    fn takes_turns_at(&self, look: &Look<'_>) -> Option<String> {
        Server.takes_turns_at(look)
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        if name == SHOW {
            return Server.attribute(look, name);
        }
        let facts = Facts::of(look)?;
        let is = |known: &str| self.era.spelled(known) == name;
        let shown = ATTRIBUTES.iter().find(|(known, _)| is(known));
        Ok(shown.map(|(_, show)| show(&facts, self.era)).unwrap_or_default())
    }
}

/// What is known of a container inside a transaction.
struct Facts {
    server: ServerRow,
    container: Container,
    /// Its interfaces, or those of the server beside which it is.
    nics: Vec<Nic>,
    /// What its console said, and its engine, when it was last looked at.
    kept: Map<String, Value>,
}

type Show = fn(&Facts, Era) -> Value;

/// Attributes, as the later names spell them, and their values.
static ATTRIBUTES: &[(&str, Show)] = &[
    ("info", view::info),
    ("network_info", view::network_info),
    ("network_ip", |facts, era| {
        let behind = era.is_behind_gateway();
        text(if behind { facts.gateway() } else { facts.address() })
    }),
    ("network_gateway", |facts, _| text(facts.gateway())),
    ("network_tcp_ports", |facts, _| Value::String(facts.host_ports(Protocol::Tcp))),
    ("network_udp_ports", |facts, _| Value::String(facts.host_ports(Protocol::Udp))),
    ("logs", |facts, _| facts.said("logs")),
    ("logs_head", |facts, _| facts.said("logs_head")),
    ("logs_tail", |facts, _| facts.said("logs_tail")),
];

impl Facts {
    fn of(look: &Look<'_>) -> Result<Self> {
        let caller = look.hand.caller(look.stack)?;
        let id = ServerId::from(look.physical());
        let server = delegated(look.hand, look.stack, &caller, |delegate| delegate.server(&id))?;
        let container = server.container.clone().unwrap_or_default();
        let holder = container.beside.as_ref().unwrap_or(&server.id);
        let nics = nics_of(look.hand.connection, holder)?;
        Ok(Self { nics, server, container, kept: look.resource.data.clone() })
    }

    fn address(&self) -> Option<IpAddr> {
        self.nics.first()?.addresses.first().map(|(address, _)| *address)
    }

    /// Beside a server ports are not the host's: its own address leads to them.
    fn gateway(&self) -> Option<IpAddr> {
        if self.container.beside.is_some() {
            return self.address();
        }
        self.nics.first()?.subnets.first()?.gateway_ip
    }

    /// The ports of the host that lead to it, as Heat lists them.
    fn host_ports(&self, protocol: Protocol) -> String {
        let rows = self.container.spec.published.iter();
        let numbers = rows.filter(|row| row.port.protocol == protocol);
        numbers.map(|row| row.host_port.to_string()).collect::<Vec<_>>().join(",")
    }

    fn said(&self, name: &str) -> Value {
        self.kept.get(name).cloned().unwrap_or_default()
    }
}

fn text(address: Option<IpAddr>) -> Value {
    address.map_or(Value::Null, |address| Value::String(address.to_string()))
}

/// The id of the image that a template names; Docker's default tag may be named too.
pub(super) fn find_image(
    hand: crate::engine::Hand<'_>,
    caller: &kit::policy::Caller,
    name: &str,
) -> Result<String> {
    let found = super::find_image(hand, caller, name);
    match name.strip_suffix(":latest") {
        Some(plain) if found.is_err() => super::find_image(hand, caller, plain),
        Some(_) | None => found,
    }
}

fn with_delegate<T>(act: &Act<'_>, work: impl FnOnce(&Delegate<'_>) -> T) -> T {
    delegated(act.hand, act.stack, &act.caller, work)
}

/// Does it unless the server is in that state.
fn unless(act: &Act<'_>, state: VmState, action: ServerAction) -> Result<()> {
    let id = ServerId::from(act.physical());
    let server = with_delegate(act, |delegate| delegate.server(&id))?;
    if server.vm_state == state {
        return Ok(());
    }
    with_delegate(act, |delegate| delegate.act_on_server(&id, action))
}

/// What attributes say of a guest until it is looked at again.
fn kept(seen: &GuestSeen) -> Map<String, Value> {
    let lines = || seen.console.lines().map(str::trim_end);
    let from = seen.console.len().saturating_sub(KEPT_BYTES);
    let from = (from..=seen.console.len()).find(|at| seen.console.is_char_boundary(*at));
    let logs = from.and_then(|from| seen.console.get(from..)).unwrap_or_default();
    let started = seen.started_at.map(kit::clock::Time::iso_micro_z);
    [
        ("logs", Value::from(logs)),
        ("logs_head", Value::from(lines().next().unwrap_or_default())),
        ("logs_tail", Value::from(lines().rfind(|line| !line.is_empty()).unwrap_or_default())),
        ("engine_id", Value::from(seen.engine_id.as_str())),
        ("running", Value::from(seen.runs)),
        ("exit_code", Value::from(seen.exit_code)),
        ("started_at", Value::from(started)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect()
}

fn last_lines(console: &str) -> String {
    let lines: Vec<&str> = console.lines().collect();
    lines.get(lines.len().saturating_sub(LAST_LINES)..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_as_their_time_did() {
        assert_eq!(Era::First.spelled("network_tcp_ports"), "NetworkTcpPorts");
        assert_eq!(Era::Current.spelled("network_tcp_ports"), "network_tcp_ports");
    }

    #[test]
    fn the_head_and_the_tail_are_lines_and_the_middle_is_cut() {
        let console = format!("first\r\n{}\nlast\n\n", "ä".repeat(KEPT_BYTES));
        let seen = GuestSeen {
            engine_id: String::new(),
            runs: true,
            exit_code: None,
            started_at: None,
            console,
        };
        let kept = kept(&seen);
        assert_eq!((&kept["logs_head"], &kept["logs_tail"]), (&"first".into(), &"last".into()));
        assert!(kept["logs"].as_str().unwrap().len() <= KEPT_BYTES);
    }
}
