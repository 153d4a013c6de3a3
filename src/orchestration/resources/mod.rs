//! Resource types: one table, one file per type, the path spells the type.
//!
//! A plug-in says what its resources look like and how one is made, changed and removed through
//! the facade of the service that has it, inside the transaction of the visit. It never waits:
//! [`Plugin::pending`] names the operation whose end the visit waits for.

mod aws;
mod catalogue;
pub(crate) mod constraints;
mod docker;
pub(crate) mod heat;
pub(crate) mod kept_images;
mod keystone;
mod lookup;
pub(crate) mod nested;
mod neutron;
mod nova;
pub(crate) mod permits;
mod plugin;
pub(crate) mod release;
mod template;

pub(crate) use catalogue::Catalogue;
pub(crate) use lookup::{find_flavor, find_image};
pub(crate) use plugin::{
    Act, Attribute, Look, Pending, Plugin, SHOW, SHOW_ROW, Signalled, Updated,
};

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use kit::error::{Kind, Result};
use serde_json::Value;

use self::lookup::{ambiguous, only};
use crate::stacks::model::{Action, Status};
use crate::template::{Error as TemplateError, TypeInfo};

/// Every type. Adding one adds a file and a row.
static ALL: &[&dyn Plugin] = &[
    &aws::autoscaling::autoscaling_group::GROUP,
    &aws::autoscaling::launch_configuration::LaunchConfiguration,
    &aws::autoscaling::scaling_policy::POLICY,
    &nested::Nested(aws::cloudformation::stack::NestedStack),
    &aws::cloudformation::wait_condition::CONDITION,
    &aws::cloudformation::wait_condition_handle::HANDLE,
    &aws::ec2::eip::Eip,
    &aws::ec2::eip_association::EipAssociation,
    &aws::ec2::instance::Instance,
    &aws::ec2::internet_gateway::InternetGateway,
    &aws::ec2::network_interface::NetworkInterface,
    &aws::ec2::route_table::RouteTable,
    &aws::ec2::security_group::SecurityGroup,
    &aws::ec2::subnet::Subnet,
    &aws::ec2::subnet_route_table_association::SubnetRouteTableAssociation,
    &aws::ec2::vpc::Vpc,
    &aws::ec2::vpc_gateway_attachment::VpcGatewayAttachment,
    &aws::elastic_load_balancing::load_balancer::BALANCER,
    &aws::iam::access_key::AccessKey,
    &aws::iam::user::User,
    &docker::CONTAINER,
    &docker::OS_CONTAINER,
    &heat::access_policy::AccessPolicy,
    &heat::autoscaling_group::GROUP,
    &heat::cloud_config::CONFIG,
    &heat::delay::Delay,
    &heat::deployed_server::DeployedServer,
    &docker::HEAT_DOCKER,
    &heat::instance_group::GROUP,
    &heat::multipart_mime::CONFIG,
    &heat::none::NoneResource,
    &heat::random_string::RandomString,
    &nested::Nested(heat::resource_chain::ResourceChain),
    &nested::Nested(heat::resource_group::ResourceGroup),
    &heat::scaling_policy::POLICY,
    &heat::software_component::CONFIG,
    &heat::software_config::CONFIG,
    &heat::software_deployment::SOFTWARE,
    &heat::software_deployment_group::SOFTWARE,
    &heat::software_deployment_group::SOFTWARE_PLURAL,
    &heat::stack::StackResource,
    &heat::structured_config::CONFIG,
    &heat::software_deployment::STRUCTURED,
    &heat::software_deployment_group::STRUCTURED,
    &heat::software_deployment_group::STRUCTURED_PLURAL,
    &heat::swift_signal::SIGNAL,
    &heat::swift_signal_handle::SwiftSignalHandle,
    &heat::test_resource::TestResource,
    &heat::update_wait_condition_handle::HANDLE,
    &heat::value::ValueResource,
    &heat::wait_condition::CONDITION,
    &heat::wait_condition_handle::HANDLE,
    &keystone::domain::DOMAIN,
    &keystone::endpoint::ENDPOINT,
    &keystone::group::Group,
    &keystone::group_role_assignment::GROUP,
    &keystone::project::PROJECT,
    &keystone::region::REGION,
    &keystone::role::ROLE,
    &keystone::service::SERVICE,
    &keystone::user::User,
    &keystone::user_role_assignment::USER,
    &neutron::address_scope::ADDRESS_SCOPE,
    &neutron::extra_route::ExtraRoute,
    &neutron::extra_route_set::ExtraRouteSet,
    &neutron::floating_ip::FloatingIp,
    &neutron::floating_ip_association::FloatingIpAssociation,
    &neutron::floating_ip_port_forward::FloatingIpPortForward,
    &neutron::net::NET,
    &neutron::port::PORT,
    &neutron::provider_net::PROVIDER_NET,
    &neutron::quota::Quota,
    &neutron::rbac_policy::RBAC_POLICY,
    &neutron::router::ROUTER,
    &neutron::router_gateway::RouterGateway,
    &neutron::router_interface::RouterInterface,
    &neutron::security_group::SecurityGroup,
    &neutron::security_group_rule::SecurityGroupRule,
    &neutron::subnet::SUBNET,
    &neutron::subnet_pool::SUBNET_POOL,
    &nova::flavor::Flavor,
    &nova::floating_ip::FloatingIp,
    &nova::floating_ip_association::FloatingIpAssociation,
    &nova::host_aggregate::HostAggregate,
    &nova::keypair::KeyPair,
    &nova::quota::Quota,
    &nova::server::Server,
    &nova::server_group::ServerGroup,
];

pub(crate) use aws::elastic_load_balancing::load_balancer::follow;

/// The plug-in of the types that are templates.
pub(crate) fn template() -> &'static dyn Plugin {
    &template::TEMPLATE
}

/// Whether what failed is so lost that another takes its place.
pub(crate) fn is_lost(plugin: &'static dyn Plugin, look: &Look<'_>) -> Result<bool> {
    let row = look.resource;
    if row.status != Status::Failed {
        return Ok(false);
    }
    // Heat: what a check found wrong, or somebody called unhealthy, is never gone over again.
    Ok(row.action == Action::Check || plugin.replaces_failed(look)?)
}

/// The plug-in of that name.
pub(crate) fn find(name: &str) -> Option<&'static dyn Plugin> {
    all().find(|plugin| plugin.name() == name)
}

/// The plug-in of that name, or why there is none.
pub(crate) fn named(name: &str) -> Result<&'static dyn Plugin, TemplateError> {
    let absent = || release::refusal(name).unwrap_or_else(|| TemplateError::unknown_type(name));
    find(name).ok_or_else(absent)
}

/// Whether there is, or in another cloud would be, a plug-in of that name.
pub(crate) fn is_known(name: &str) -> bool {
    find(name).is_some() || release::refusal(name).is_some()
}

/// Every plug-in: those that make something, by name, then the placeholders.
pub(crate) fn all() -> impl Iterator<Item = &'static dyn Plugin> {
    let placeholders = release::PLACEHOLDERS.iter().map(|plugin| plugin as &dyn Plugin);
    ALL.iter().copied().chain(placeholders)
}

/// What the language must know of a type.
pub(crate) fn info(plugin: &'static dyn Plugin) -> Arc<TypeInfo> {
    static INFOS: LazyLock<HashMap<&'static str, Arc<TypeInfo>>> =
        LazyLock::new(|| all().map(|plugin| (plugin.name(), Arc::new(read(plugin)))).collect());
    INFOS.get(plugin.name()).cloned().unwrap_or_default()
}

fn read(plugin: &'static dyn Plugin) -> TypeInfo {
    TypeInfo {
        class: plugin.class().to_owned(),
        any_attribute: plugin.has_any_attribute(),
        properties: plugin.schema(),
        update_policy: plugin.update_policy(),
        snapshots: plugin.is_kept_before_deletion(),
        attributes: plugin.attributes().iter().map(|row| row.name.to_owned()).collect(),
        hidden_needs: plugin.hidden_needs(),
        ..TypeInfo::default()
    }
}

/// What a service shows of a thing under that name; all of it for `show`.
fn member_of(shown: Value, name: &str) -> Value {
    if name == SHOW { shown } else { shown.get(name).cloned().unwrap_or_default() }
}

/// Gone already is success.
fn gone_is_fine(outcome: Result<()>) -> Result<()> {
    match outcome {
        Err(error) if error.kind == Kind::NotFound => Ok(()),
        outcome => outcome,
    }
}

/// A JSON object of these members.
fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[cfg(test)]
mod tests;
