//! The operations of the API without a request: for a service that acts on behalf of a caller,
//! inside a transaction of its own (stacks). Tables of attributes, policy and quotas apply as
//! they do to the caller himself. Only [`crate::facade`] names it.

mod rows;

use std::sync::Arc;

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::http::{ALWAYS, Call, Cx, Operation};
use kit::ids::ProjectId;
use kit::op;
use kit::platform::Platform;
use kit::policy::{Caller, Rule, Target};
use kit::quota::forget_limits;
use rusqlite::Connection;
use serde_json::{Map, Value};

use crate::address_scopes::model::AddressScope;
use crate::floating_ips::model::FloatingIp;
use crate::networks::model::Network;
use crate::port_forwardings::model::PortForwarding;
use crate::ports::model::Port;
use crate::rbac_policies::model::RbacPolicy;
use crate::resource::{Actor, Resource};
use crate::routers::model::{Router, WantedInterface};
use crate::routers::{interfaces, routes};
use crate::security_group_rules::model::SecurityGroupRule;
use crate::security_groups::model::SecurityGroup;
use crate::subnetpools::model::SubnetPool;
use crate::subnets::model::Subnet;
use crate::tags::api::set;
use crate::{attributes, policy, quotas, versions};

/// A kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A network.
    Network,
    /// A subnet.
    Subnet,
    /// A subnet pool.
    SubnetPool,
    /// An address scope.
    AddressScope,
    /// A port.
    Port,
    /// A security group.
    SecurityGroup,
    /// A rule of a security group.
    SecurityGroupRule,
    /// A router.
    Router,
    /// A floating IP.
    FloatingIp,
    /// That somebody may use a thing.
    RbacPolicy,
    /// Ports of a floating IP that lead to a guest.
    PortForwarding,
}

/// Who acts, when, inside which transaction.
#[derive(Clone, Copy)]
pub struct Delegate<'a> {
    /// The mechanisms.
    pub platform: &'a Arc<Platform>,
    /// The transaction.
    pub connection: &'a Connection,
    /// Whose rights count.
    pub caller: &'a Caller,
    /// The present time.
    pub now: Time,
}

/// Shows rows as the API would; no route leads to it.
static SHOWN: Operation = op!("networks:delegated", GET "/", ALWAYS, -, 200, versions::api::show);

/// Runs `$method` for the resource of a kind, with the rule of that kind.
macro_rules! of_kind {
    ($self:ident, $kind:ident, $rules:ident, $method:ident($($argument:expr),*)) => {
        match $kind {
            Kind::Network => $self.$method::<Network>($rules[0], $($argument),*),
            Kind::Subnet => $self.$method::<Subnet>($rules[1], $($argument),*),
            Kind::SubnetPool => $self.$method::<SubnetPool>($rules[5], $($argument),*),
            Kind::AddressScope => $self.$method::<AddressScope>($rules[6], $($argument),*),
            Kind::Port => $self.$method::<Port>($rules[2], $($argument),*),
            Kind::SecurityGroup => $self.$method::<SecurityGroup>($rules[3], $($argument),*),
            Kind::SecurityGroupRule => {
                $self.$method::<SecurityGroupRule>($rules[4], $($argument),*)
            }
            Kind::Router => $self.$method::<Router>($rules[7], $($argument),*),
            Kind::FloatingIp => $self.$method::<FloatingIp>($rules[8], $($argument),*),
            Kind::RbacPolicy => $self.$method::<RbacPolicy>($rules[9], $($argument),*),
            Kind::PortForwarding => {
                $self.$method::<PortForwarding>($rules[10], $($argument),*)
            }
        }
    };
}

/// The rules of an operation, one per kind.
type Rules = [&'static Rule; 11];

static CREATE: Rules = [
    &policy::CREATE_NETWORK,
    &policy::CREATE_SUBNET,
    &policy::CREATE_PORT,
    &policy::CREATE_SECURITY_GROUP,
    &policy::CREATE_SECURITY_GROUP_RULE,
    &policy::CREATE_SUBNETPOOL,
    &policy::CREATE_ADDRESS_SCOPE,
    &policy::CREATE_ROUTER,
    &policy::CREATE_FLOATINGIP,
    &policy::CREATE_RBAC_POLICY,
    &policy::CREATE_PORT_FORWARDING,
];
static GET: Rules = [
    &policy::GET_NETWORK,
    &policy::GET_SUBNET,
    &policy::GET_PORT,
    &policy::GET_SECURITY_GROUP,
    &policy::GET_SECURITY_GROUP_RULE,
    &policy::GET_SUBNETPOOL,
    &policy::GET_ADDRESS_SCOPE,
    &policy::GET_ROUTER,
    &policy::GET_FLOATINGIP,
    &policy::GET_RBAC_POLICY,
    &policy::GET_PORT_FORWARDING,
];
/// Rules of security groups are never changed; looking at one is all that is asked.
static UPDATE: Rules = [
    &policy::UPDATE_NETWORK,
    &policy::UPDATE_SUBNET,
    &policy::UPDATE_PORT,
    &policy::UPDATE_SECURITY_GROUP,
    &policy::GET_SECURITY_GROUP_RULE,
    &policy::UPDATE_SUBNETPOOL,
    &policy::UPDATE_ADDRESS_SCOPE,
    &policy::UPDATE_ROUTER,
    &policy::UPDATE_FLOATINGIP,
    &policy::UPDATE_RBAC_POLICY,
    &policy::UPDATE_PORT_FORWARDING,
];
static DELETE: Rules = [
    &policy::DELETE_NETWORK,
    &policy::DELETE_SUBNET,
    &policy::DELETE_PORT,
    &policy::DELETE_SECURITY_GROUP,
    &policy::DELETE_SECURITY_GROUP_RULE,
    &policy::DELETE_SUBNETPOOL,
    &policy::DELETE_ADDRESS_SCOPE,
    &policy::DELETE_ROUTER,
    &policy::DELETE_FLOATINGIP,
    &policy::DELETE_RBAC_POLICY,
    &policy::DELETE_PORT_FORWARDING,
];

impl Delegate<'_> {
    /// Makes a thing of what a body would say; as the API shows it.
    pub fn create(&self, kind: Kind, given: Map<String, Value>) -> Result<Value> {
        of_kind!(self, kind, CREATE, create_one(given))
    }

    /// The thing as the API shows it; an error if there is none that the caller may see.
    pub fn show(&self, kind: Kind, id: &str) -> Result<Value> {
        of_kind!(self, kind, GET, show_one(id))
    }

    /// Changes a thing.
    pub fn update(&self, kind: Kind, id: &str, given: Map<String, Value>) -> Result<()> {
        of_kind!(self, kind, UPDATE, update_one(id, given))
    }

    /// Replaces the tags of a thing.
    pub fn set_tags(&self, kind: Kind, id: &str, tags: &Value) -> Result<()> {
        let db = self.connection;
        match kind {
            Kind::Network => {
                set::<Network>(&self.actor(&policy::UPDATE_NETWORK_TAGS), db, id, tags)
            }
            Kind::Subnet => set::<Subnet>(&self.actor(&policy::UPDATE_SUBNET_TAGS), db, id, tags),
            Kind::SubnetPool => {
                set::<SubnetPool>(&self.actor(&policy::UPDATE_SUBNETPOOL_TAGS), db, id, tags)
            }
            Kind::Port => set::<Port>(&self.actor(&policy::UPDATE_PORT_TAGS), db, id, tags),
            Kind::SecurityGroup => {
                set::<SecurityGroup>(&self.actor(&policy::UPDATE_SECURITY_GROUP_TAGS), db, id, tags)
            }
            Kind::Router => set::<Router>(&self.actor(&policy::UPDATE_ROUTER_TAGS), db, id, tags),
            Kind::FloatingIp => {
                set::<FloatingIp>(&self.actor(&policy::UPDATE_FLOATINGIP_TAGS), db, id, tags)
            }
            Kind::SecurityGroupRule => Err(Error::bad_request("A rule has no tags.")),
            Kind::AddressScope => Err(Error::bad_request("A scope has no tags.")),
            Kind::RbacPolicy => Err(Error::bad_request("A policy has no tags.")),
            Kind::PortForwarding => Err(Error::bad_request("A port forwarding has no tags.")),
        }
    }

    /// Removes a thing.
    pub fn delete(&self, kind: Kind, id: &str) -> Result<()> {
        of_kind!(self, kind, DELETE, delete_one(id))
    }

    /// The ids of what the caller sees under that id, or else under that name.
    pub fn find(&self, kind: Kind, name_or_id: &str) -> Result<Vec<String>> {
        of_kind!(self, kind, GET, find_all(name_or_id))
    }

    /// Joins a subnet, or that of a port, to a router.
    pub fn add_router_interface(&self, router: &str, wanted: &WantedInterface) -> Result<()> {
        let actor = self.actor(&policy::ADD_ROUTER_INTERFACE);
        let router = actor.open::<Router>(self.connection, router, &Map::new())?;
        interfaces::add(&actor, self.connection, &router, wanted).map(drop)
    }

    /// Parts it from the router again.
    pub fn remove_router_interface(&self, router: &str, wanted: &WantedInterface) -> Result<()> {
        let actor = self.actor(&policy::REMOVE_ROUTER_INTERFACE);
        let router = actor.open::<Router>(self.connection, router, &Map::new())?;
        interfaces::remove(&actor, self.connection, &router, wanted).map(drop)
    }

    /// Takes extra routes from a router, and gives it others.
    pub fn change_routes(&self, router: &str, less: &Value, more: &Value) -> Result<()> {
        let actor = self.actor(&policy::ADD_EXTRAROUTES);
        let router = actor.open::<Router>(self.connection, router, &Map::new())?;
        let (less, more) = (routes::read(less)?, routes::read(more)?);
        routes::exchange(&actor, self.connection, router, &less, more)
    }

    /// Sets the limits of a body's `quota`.
    pub fn set_quotas(&self, project: &ProjectId, given: &Map<String, Value>) -> Result<()> {
        self.allow(&policy::UPDATE_QUOTA)?;
        quotas::api::set(self.platform, self.connection, project, given.clone())
    }

    /// The limits as the API shows them.
    pub fn show_quotas(&self, project: &ProjectId) -> Result<Map<String, Value>> {
        if self.caller.project() != Some(project) {
            self.allow(&policy::GET_QUOTA)?;
        }
        quotas::api::limits(self.platform, self.connection, project)
    }

    /// Gives a project the defaults again.
    pub fn forget_quotas(&self, project: &ProjectId) -> Result<()> {
        self.allow(&policy::DELETE_QUOTA)?;
        forget_limits(self.connection, project, &quotas::names())
    }

    fn allow(&self, rule: &'static Rule) -> Result<()> {
        self.platform.policy.authorize(rule, self.caller, &Target::own(self.caller))
    }

    fn actor(&self, rule: &'static Rule) -> Actor {
        Actor::for_caller(self.platform, self.caller, self.now, rule)
    }

    fn render<R: Resource>(&self, row: &R) -> Value {
        let call = Call::without_request(self.platform, &SHOWN, self.caller);
        R::VIEW.render(row, &Cx::new(&call))
    }

    fn create_one<R: Resource>(
        &self,
        rule: &'static Rule,
        given: Map<String, Value>,
    ) -> Result<Value> {
        let actor = self.actor(rule);
        let given = attributes::check_create(R::ATTRIBUTES, self.caller, actor.is_admin(), given)?;
        let row = R::create(&actor, self.connection, given)?;
        Ok(self.render(&row))
    }

    fn show_one<R: Resource>(&self, rule: &'static Rule, id: &str) -> Result<Value> {
        let (row, _) = self.actor(rule).see::<R>(self.connection, id)?;
        Ok(self.render(&row))
    }

    fn update_one<R: Resource>(
        &self,
        rule: &'static Rule,
        id: &str,
        given: Map<String, Value>,
    ) -> Result<()> {
        let actor = self.actor(rule);
        let given = attributes::check_update(R::ATTRIBUTES, given)?;
        let row = actor.open::<R>(self.connection, id, &given)?;
        row.update(&actor, self.connection, given)
    }

    fn delete_one<R: Resource>(&self, rule: &'static Rule, id: &str) -> Result<()> {
        let actor = self.actor(rule);
        actor.open::<R>(self.connection, id, &Map::new())?.delete(&actor, self.connection)
    }

    fn find_all<R: Resource>(&self, rule: &'static Rule, name_or_id: &str) -> Result<Vec<String>> {
        let actor = self.actor(rule);
        if actor.see::<R>(self.connection, name_or_id).is_ok() {
            return Ok(vec![name_or_id.to_owned()]);
        }
        let shown = self.rows::<R>(false)?.into_iter().map(|row| self.render(&row));
        // Neutron's client calls a floating IP by its address.
        let named = |row: &Value| row.get("name").or(row.get("floating_ip_address")).cloned();
        Ok(shown
            .filter(|row| named(row).is_some_and(|name| name == name_or_id))
            .filter_map(|row| row.get("id").and_then(Value::as_str).map(str::to_owned))
            .collect())
    }
}
