//! Id newtypes, one list. A raw `String` id does not cross a function.
//!
//! OpenStack has two spellings of a UUID: dashed (Nova, Glance, Neutron, Cinder) and 32 hex
//! digits (Keystone). The list says which one a fresh id gets; both are taken as opaque text
//! when read, because ids of others (`default`, a flavor `1`) are not UUIDs at all.

use std::fmt;

use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $form:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A fresh random id.
            pub fn random() -> Self {
                Self($form())
            }
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }
        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_str().map(Self::from)
            }
        }
    )*};
}

ids! {
    /// A Keystone domain.
    DomainId hex;
    /// A Keystone project.
    ProjectId hex;
    /// A Keystone user.
    UserId hex;
    /// A Keystone role.
    RoleId hex;
    /// A Keystone service of the catalogue.
    ServiceId hex;
    /// A Keystone endpoint of the catalogue.
    EndpointId hex;
    /// A Keystone region of the catalogue (operators may choose any text).
    RegionId hex;
    /// A Keystone application credential.
    ApplicationCredentialId hex;
    /// A Keystone group of users.
    GroupId hex;
    /// A Keystone credential; that of EC2 is named by the hash of its access key.
    CredentialId hex;
    /// A Glance image.
    ImageId dashed;
    /// A Neutron network.
    NetworkId dashed;
    /// A Neutron subnet.
    SubnetId dashed;
    /// A Neutron subnet pool.
    SubnetPoolId dashed;
    /// A Neutron address scope.
    AddressScopeId dashed;
    /// A Neutron address group.
    AddressGroupId dashed;
    /// A Neutron policy of sharing.
    RbacPolicyId dashed;
    /// A Neutron port.
    PortId dashed;
    /// A Neutron router.
    RouterId dashed;
    /// A Neutron floating IP.
    FloatingIpId dashed;
    /// A port forwarding of a Neutron floating IP.
    PortForwardingId dashed;
    /// A Neutron security group.
    SecurityGroupId dashed;
    /// A rule of a Neutron security group.
    SecurityGroupRuleId dashed;
    /// A Cinder volume.
    VolumeId dashed;
    /// A Nova server.
    ServerId dashed;
    /// A Nova flavor (operators may choose any text).
    FlavorId dashed;
    /// A migration of a Nova server.
    MigrationId dashed;
    /// A Nova server group.
    ServerGroupId dashed;
    /// A Nova host aggregate.
    AggregateId dashed;
    /// A machine that carries servers (Nova: a hypervisor).
    HostId dashed;
    /// A process of Nova on a host.
    ComputeServiceId dashed;
    /// A Heat stack.
    StackId dashed;
    /// One run over a stack's resources: a creation, an update, a deletion.
    TraversalId dashed;
    /// Something that happened to a stack or one of its resources.
    StackEventId dashed;
    /// A snapshot of a stack.
    StackSnapshotId dashed;
    /// A Heat software config.
    SoftwareConfigId dashed;
    /// A Heat software deployment.
    SoftwareDeploymentId dashed;
    /// A durable operation of the journal.
    OperationId dashed;
    /// A request, as `req-…` in headers and logs.
    RequestId request;
    /// This installation; labels everything that it makes on an engine.
    InstallationId hex;
}

fn dashed() -> String {
    fresh().hyphenated().to_string()
}

fn hex() -> String {
    fresh().simple().to_string()
}

fn request() -> String {
    format!("req-{}", fresh().hyphenated())
}

#[expect(clippy::disallowed_methods, reason = "the one place where ids are made")]
fn fresh() -> Uuid {
    Uuid::new_v4()
}

/// Whether `text` is a UUID in a spelling that `oslo_utils.uuidutils.is_uuid_like` takes.
pub fn is_uuid_like(text: &str) -> bool {
    Uuid::parse_str(text.trim_start_matches("urn:").trim_start_matches("uuid:")).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nova_ids_are_dashed_and_keystone_ids_are_hex() {
        assert_eq!(ServerId::random().as_str().len(), 36);
        assert_eq!(ProjectId::random().as_str().len(), 32);
        assert!(is_uuid_like(ServerId::random().as_str()));
        assert!(is_uuid_like(ProjectId::random().as_str()));
        assert!(!is_uuid_like("default"));
    }
}
