//! Rows instead of what the API would show: for a service that has its own words for them (Nova's
//! old proxies). The same rows as the API lists and finds, by the same rules.

use kit::error::Result;
use kit::policy::Rule;

use super::Delegate;
use crate::floating_ips::model::FloatingIp;
use crate::networks::model::Network;
use crate::policy;
use crate::ports::model::Port;
use crate::resource::{Resource, seen_by};
use crate::security_group_rules::model::SecurityGroupRule;
use crate::security_groups::model::SecurityGroup;

impl Delegate<'_> {
    /// The networks that the caller sees, the oldest first.
    pub fn networks(&self) -> Result<Vec<Network>> {
        let all = self.platform.policy.is_administrator(self.caller);
        self.rows(all)
    }

    /// The network of this id, if the caller sees it.
    pub fn network(&self, id: &str) -> Result<Network> {
        self.row(&policy::GET_NETWORK, id)
    }

    /// The security groups of the caller's project, or (an administrator) of all.
    pub fn security_groups(&self, all: bool) -> Result<Vec<SecurityGroup>> {
        self.rows(all && self.platform.policy.is_administrator(self.caller))
    }

    /// The security group of this id, if the caller sees it.
    pub fn security_group(&self, id: &str) -> Result<SecurityGroup> {
        self.row(&policy::GET_SECURITY_GROUP, id)
    }

    /// The rule of this id, if the caller sees it.
    pub fn security_group_rule(&self, id: &str) -> Result<SecurityGroupRule> {
        self.row(&policy::GET_SECURITY_GROUP_RULE, id)
    }

    /// The port of this id, if the caller sees it.
    pub fn port(&self, id: &str) -> Result<Port> {
        self.row(&policy::GET_PORT, id)
    }

    /// The floating IPs that the caller sees, the oldest first.
    pub fn floating_ips(&self) -> Result<Vec<FloatingIp>> {
        self.rows(self.platform.policy.is_administrator(self.caller))
    }

    /// The floating IP of this id, if the caller sees it.
    pub fn floating_ip(&self, id: &str) -> Result<FloatingIp> {
        self.row(&policy::GET_FLOATINGIP, id)
    }

    fn row<R: Resource>(&self, rule: &'static Rule, id: &str) -> Result<R> {
        self.actor(rule).see::<R>(self.connection, id).map(|(row, _)| row)
    }

    /// What the caller sees: of his project and what is open to it, or of all.
    pub(super) fn rows<R: Resource>(&self, all: bool) -> Result<Vec<R>> {
        let own = self.caller.require_project()?;
        let rows = R::list(self.connection, (!all).then_some(own))?;
        let policy = &self.platform.policy;
        let open = |row| seen_by(self.caller, row).open(policy, self.caller, R::GET).ok();
        Ok(rows.into_iter().filter_map(open).collect())
    }
}
