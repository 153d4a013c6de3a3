//! `OS::Keystone::GroupRoleAssignment`: roles that a group has which is not the stack's.

use identity::facade::Actor;
use kit::ids::GroupId;

use super::Kind;
use super::user_role_assignment::{RoleAssignment, named};
use crate::template::Property;

pub(crate) static GROUP: RoleAssignment = RoleAssignment {
    name: "OS::Keystone::GroupRoleAssignment",
    class: "KeystoneGroupRoleAssignment",
    property: || {
        let property = Property::string("group").required().updatable().custom("keystone.group");
        property.described("Name or id of keystone group.")
    },
    actor: |act, properties| {
        let id = named(act, properties, "group", Kind::Group)?;
        Ok(Actor::Group(GroupId::from(id)))
    },
};
