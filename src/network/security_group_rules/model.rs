//! A rule's row and what requests ask of it.

use kit::clock::Time;
use kit::ids::{AddressGroupId, ProjectId, SecurityGroupId, SecurityGroupRuleId};
use kit::policy::{Guarded, Target};
use kit::text_enum;
use serde::Deserialize;

text_enum! {
    /// Which way the traffic goes, seen from the guest.
    pub enum Direction {
        /// Into the guest.
        Ingress = "ingress",
        /// Out of the guest.
        Egress = "egress",
    }
}

text_enum! {
    /// The IP version.
    pub enum Ethertype {
        /// Version 4.
        Ipv4 = "IPv4",
        /// Version 6.
        Ipv6 = "IPv6",
    }
}

/// What a rule lets through; two rules of a group never say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// Which way.
    pub direction: Direction,
    /// The IP version.
    pub ethertype: Ethertype,
    /// The protocol, by name or number; `None` is all of them.
    pub protocol: Option<String>,
    /// The lowest port, or the ICMP type.
    pub port_range_min: Option<i64>,
    /// The highest port, or the ICMP code.
    pub port_range_max: Option<i64>,
    /// Only from or to this range.
    pub remote_ip_prefix: Option<String>,
    /// Only from or to guests of this group.
    pub remote_group: Option<SecurityGroupId>,
    /// Only from or to the ranges of this group.
    pub remote_address_group: Option<AddressGroupId>,
}

impl Traffic {
    /// Everything in one direction of one IP version.
    pub(crate) fn all(direction: Direction, ethertype: Ethertype) -> Self {
        Self {
            direction,
            ethertype,
            protocol: None,
            port_range_min: None,
            port_range_max: None,
            remote_ip_prefix: None,
            remote_group: None,
            remote_address_group: None,
        }
    }
}

/// A rule of a security group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityGroupRule {
    /// Its id.
    pub id: SecurityGroupRuleId,
    /// Who owns it.
    pub project: ProjectId,
    /// The group it belongs to.
    pub security_group: SecurityGroupId,
    /// Whether that is the project's default group.
    pub of_default_group: bool,
    /// What it lets through.
    pub traffic: Traffic,
    /// What its owner says of it.
    pub description: Option<String>,
    /// Counts the changes.
    pub revision: i64,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

impl SecurityGroupRule {
    /// With what rules of policy may ask of it.
    pub(crate) fn guarded(self) -> Guarded<Self> {
        let target =
            Target::project(&self.project).with("security_group:project_id", &self.project);
        Guarded::new(self, target)
    }
}

/// A rule to be made.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct NewRule {
    pub(crate) security_group_id: SecurityGroupId,
    pub(crate) direction: Direction,
    pub(crate) ethertype: Option<Ethertype>,
    pub(crate) protocol: Option<String>,
    pub(crate) port_range_min: Option<i64>,
    pub(crate) port_range_max: Option<i64>,
    pub(crate) remote_ip_prefix: Option<String>,
    pub(crate) remote_group_id: Option<SecurityGroupId>,
    pub(crate) remote_address_group_id: Option<AddressGroupId>,
    pub(crate) description: Option<String>,
}

impl NewRule {
    /// What it lets through, as it was asked for.
    pub(crate) fn traffic(&self) -> Traffic {
        Traffic {
            direction: self.direction,
            ethertype: self.ethertype.unwrap_or(Ethertype::Ipv4),
            protocol: self.protocol.clone(),
            port_range_min: self.port_range_min,
            port_range_max: self.port_range_max,
            remote_ip_prefix: self.remote_ip_prefix.clone(),
            remote_group: self.remote_group_id.clone(),
            remote_address_group: self.remote_address_group_id.clone(),
        }
    }
}
