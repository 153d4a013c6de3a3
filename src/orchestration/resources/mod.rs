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
pub(crate) mod nested;
mod neutron;
mod nova;
pub(crate) mod permits;
pub(crate) mod release;
mod template;

pub(crate) use catalogue::Catalogue;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use futures_util::future::{BoxFuture, ready};
use kit::clock::Time;
use kit::error::{Error, Kind, Result};
use kit::policy::Caller;
use kit::workflow::{Context, Failure};
use serde_json::{Map, Value};

use self::constraints::Asker;
use self::nested::{Child, Form};
use crate::engine::Hand;
use crate::stack_resources::model::Resource;
use crate::stacks::model::{Action, Stack, Status};
use crate::template::{Error as TemplateError, HiddenNeeds, Schema, TypeInfo, select};

/// Every type. Adding one adds a file and a row.
static ALL: &[&dyn Plugin] = &[
    &aws::autoscaling::autoscaling_group::GROUP,
    &aws::autoscaling::launch_configuration::LaunchConfiguration,
    &aws::autoscaling::scaling_policy::POLICY,
    &nested::Nested(aws::cloudformation::stack::NestedStack),
    &aws::cloudformation::wait_condition::CONDITION,
    &aws::cloudformation::wait_condition_handle::HANDLE,
    &aws::ec2::instance::Instance,
    &aws::ec2::network_interface::NetworkInterface,
    &aws::ec2::security_group::SecurityGroup,
    &aws::ec2::subnet::Subnet,
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
    &neutron::net::NET,
    &neutron::port::PORT,
    &neutron::provider_net::PROVIDER_NET,
    &neutron::quota::Quota,
    &neutron::security_group::SecurityGroup,
    &neutron::security_group_rule::SecurityGroupRule,
    &neutron::subnet::SUBNET,
    &nova::flavor::Flavor,
    &nova::host_aggregate::HostAggregate,
    &nova::keypair::KeyPair,
    &nova::quota::Quota,
    &nova::server::Server,
    &nova::server_group::ServerGroup,
];

/// The attribute that every type has: all that the service shows of the thing.
pub(crate) const SHOW: &str = "show";

/// An attribute of a type: a row.
#[derive(Debug)]
pub(crate) struct Attribute {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its type, as the API names it; empty where Heat names none.
    pub(crate) kind: &'static str,
    /// What it is.
    pub(crate) description: &'static str,
}

/// The row that every type ends with.
pub(crate) const SHOW_ROW: Attribute =
    Attribute { name: SHOW, kind: "map", description: "Detailed information about resource." };

/// A resource and its stack, for looking.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) hand: Hand<'a>,
    pub(crate) stack: &'a Stack,
    pub(crate) resource: &'a Resource,
}

impl Look<'_> {
    /// What its thing is called in the service that has it; empty while there is none.
    pub(crate) fn physical(&self) -> &str {
        self.resource.physical.as_deref().unwrap_or_default()
    }
}

/// A resource and its stack, for acting on behalf of the stack's user.
pub(crate) struct Act<'a> {
    pub(crate) hand: Hand<'a>,
    pub(crate) caller: Caller,
    pub(crate) stack: &'a Stack,
    pub(crate) resource: &'a mut Resource,
}

impl Act<'_> {
    /// The same, for looking.
    pub(crate) fn look(&self) -> Look<'_> {
        Look { hand: self.hand, stack: self.stack, resource: self.resource }
    }

    /// The name of the thing: the property `name`, or one made of stack and resource.
    pub(crate) fn thing_name(&self, limit: usize) -> String {
        match self.text("name") {
            Some(name) => name.to_owned(),
            None => self.resource.physical_name(self.stack, limit),
        }
    }

    /// A property that is text and there.
    pub(crate) fn text(&self, property: &str) -> Option<&str> {
        let text = self.resource.properties.get(property).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
    }

    /// What its thing is called in the service that has it.
    pub(crate) fn physical(&self) -> &str {
        self.resource.physical.as_deref().unwrap_or_default()
    }

    /// Names the thing after stack and resource, for types whose thing is nowhere else.
    pub(crate) fn take_own_name(&mut self) {
        self.resource.physical = Some(self.resource.physical_name(self.stack, 255));
    }
}

/// Whether what was begun has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pending {
    /// It has.
    Over,
    /// Not before an operation on this target has; or this time has come.
    For(String, Option<Time>),
}

/// How an update went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Updated {
    /// The thing is what is wanted now.
    InPlace,
    /// It cannot be: another one must take its place. Nothing was done.
    Replace,
}

/// What a signal led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Signalled {
    /// Nothing that anybody needs to hear of.
    Nothing,
    /// An event, in the words of the signal itself.
    Heard,
    /// An event that says this of it.
    Said(String),
}

/// A resource type. What a type does not have, it need not say.
pub(crate) trait Plugin: Sync {
    /// `OS::Nova::Server`.
    fn name(&self) -> &'static str;

    /// What Heat calls its class in sentences about cycles.
    fn class(&self) -> &'static str {
        self.name().rsplit("::").next().unwrap_or_default()
    }

    /// Its properties.
    fn schema(&self) -> Schema;

    /// What its update policy may say.
    fn update_policy(&self) -> Schema {
        Schema::default()
    }

    /// Its attributes; the last is `show`.
    fn attributes(&self) -> &'static [Attribute];

    /// What its resources need besides all that they name.
    fn hidden_needs(&self) -> Option<HiddenNeeds> {
        None
    }

    /// Whether whatever attribute is asked for is there.
    fn has_any_attribute(&self) -> bool {
        false
    }

    /// Whether it is nothing but its row: nothing takes long, nothing is waited for or looked at.
    fn is_at_once(&self) -> bool {
        false
    }

    /// Whether its thing is a nested stack: every update reaches it, and a newer traversal takes it
    /// over while it is still at work.
    fn is_stack(&self) -> bool {
        false
    }

    /// Says what is wrong with a resource that no property says alone, before anything exists.
    fn validate(&self, _form: &Form<'_>) -> crate::template::Result<()> {
        Ok(())
    }

    /// The same, where the house must be asked: its settings, its services. What is nested in the
    /// stack is asked about when that is made.
    fn examine(&self, _asker: &Asker<'_>, _form: &Form<'_>) -> crate::template::Result<()> {
        Ok(())
    }

    /// What the nested stack of a resource is made of.
    fn child(&self, _form: &Form<'_>) -> crate::template::Result<Option<Child>> {
        Ok(None)
    }

    /// What the template of the nested stack is called in refusals.
    fn child_label(&self, _form: &Form<'_>) -> String {
        String::new()
    }

    /// Puts into the resource's row what making the thing needs and takes too long for a
    /// transaction. It may be asked again after it has.
    fn prepare(
        &self,
        _context: Context,
        _caller: Caller,
        _resource: Resource,
    ) -> BoxFuture<'static, Result<(), Failure>> {
        Box::pin(ready(Ok(())))
    }

    /// Makes the thing of `resource.properties` and notes what it is called.
    fn create(&self, act: &mut Act<'_>) -> Result<()>;

    /// Gives the thing other properties; `changed` names those that differ from
    /// `resource.properties`. Without properties that can change, everything is replaced before.
    fn update(
        &self,
        _act: &mut Act<'_>,
        _properties: &Map<String, Value>,
        _changed: &[String],
    ) -> Result<Updated> {
        Ok(Updated::InPlace)
    }

    /// Removes the thing; gone already is success.
    fn delete(&self, _act: &mut Act<'_>) -> Result<()> {
        Ok(())
    }

    /// Puts the thing to sleep.
    fn suspend(&self, _act: &mut Act<'_>) -> Result<()> {
        Ok(())
    }

    /// Wakes the thing.
    fn resume(&self, _act: &mut Act<'_>) -> Result<()> {
        Ok(())
    }

    /// Says what is wrong with the thing, or that it is gone.
    fn check(&self, _act: &mut Act<'_>) -> Result<()> {
        Ok(())
    }

    /// Whether it may be signalled while, or after, that is done to it.
    fn takes_signals_after(&self, action: Action) -> bool {
        !matches!(action, Action::Suspend | Action::Delete)
    }

    /// Keeps what the thing is now, where that can be kept; what is noted in `resource.data` goes
    /// into the snapshot of the stack.
    fn snapshot(&self, _act: &mut Act<'_>) -> Result<()> {
        Ok(())
    }

    /// Whether the thing can be kept before it is deleted (`deletion_policy: Snapshot`).
    fn is_kept_before_deletion(&self) -> bool {
        false
    }

    /// Properties that make of the thing what a snapshot has kept; `data` is what was noted then.
    fn restored(&self, _data: &Map<String, Value>) -> Map<String, Value> {
        Map::new()
    }

    /// Takes over the thing that `resource.physical` names, without making it again. Heat: whatever
    /// it is, what is wrong with it shows when something is done with it.
    fn adopt(&self, act: &mut Act<'_>) -> Result<()> {
        if act.resource.physical.is_some() {
            return Ok(());
        }
        Err(Error::bad_request("Resource ID was not provided.").tag("Exception"))
    }

    /// Refuses a thing that is not the stack's to take. Services refuse by themselves when something
    /// is done with it; whatever no service has is refused here.
    fn check_adopted(&self, _look: &Look<'_>, _physical: &str) -> Result<()> {
        Ok(())
    }

    /// What a type keeps for itself and takes over with a thing: only what harms nobody, whatever it
    /// says.
    fn adopted_data(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether a guest is its thing, whose end its resource shows without being asked.
    fn is_server(&self) -> bool {
        false
    }

    /// Takes a signal: somebody outside says that something has happened. It may come while a
    /// visit waits; who waits for it is woken by `kit::workflow::wake`.
    fn signal(&self, _act: &mut Act<'_>, _details: &Value) -> Result<Signalled> {
        let sentence = "signal is not supported for resource.";
        Err(Error::bad_request(sentence).tag("ResourceActionNotSupported"))
    }

    /// Whether what was begun has ended; an error if it has, badly.
    fn pending(&self, _look: &Look<'_>) -> Result<Pending> {
        Ok(Pending::Over)
    }

    /// Begins the next of several things that an action does one after the other, when what was
    /// begun has ended; `false` when there is none.
    fn go_on(&self, _act: &mut Act<'_>) -> Result<bool> {
        Ok(false)
    }

    /// Looks at the thing outside, when what was begun has ended; what is kept of it is added to
    /// `resource.data`.
    fn observe(
        &self,
        _context: Context,
        _resource: Resource,
    ) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
        Box::pin(ready(Ok(Map::new())))
    }

    /// Whether one that is replaced must be gone before another can be made, because it holds
    /// something that there is only one of.
    fn goes_before_its_successor(&self, _look: &Look<'_>) -> bool {
        false
    }

    /// Whether one that failed is replaced by the next update; Heat's types say yes by default.
    fn replaces_failed(&self, _look: &Look<'_>) -> Result<bool> {
        Ok(true)
    }

    /// The metadata that it shows.
    fn metadata(&self, look: &Look<'_>) -> Value {
        look.resource.metadata.clone()
    }

    /// Whether every update of the stack puts another one in its place.
    fn is_replaced_by_updates(&self) -> bool {
        false
    }

    /// What `get_resource` gives.
    fn reference(&self, look: &Look<'_>) -> String {
        look.physical().to_owned()
    }

    /// What `get_attr` gives; null where there is nothing.
    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value>;

    /// The same, followed along `path`; groups ask each of their members for it.
    fn attribute_at(&self, look: &Look<'_>, name: &str, path: &[Value]) -> Result<Value> {
        Ok(select(&self.attribute(look, name)?, path))
    }

    /// The attributes that are shown with a resource.
    fn shown(&self, _look: &Look<'_>) -> Result<Vec<String>> {
        let names = self.attributes().iter().map(|row| row.name);
        Ok(names.filter(|name| *name != SHOW).map(str::to_owned).collect())
    }
}

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

/// The id of the image that a template names.
pub(crate) fn find_image(hand: Hand<'_>, caller: &Caller, name_or_id: &str) -> Result<String> {
    let policy = &hand.platform.policy;
    let found = image::facade::find(hand.connection, policy, caller, name_or_id)?;
    only("Image", name_or_id, &found)
}

/// The id of the flavor that a template names.
pub(crate) fn find_flavor(
    hand: Hand<'_>,
    stack: &Stack,
    caller: &Caller,
    name_or_id: &str,
) -> Result<String> {
    let found = nova::delegated(hand, stack, caller, |delegate| delegate.find_flavors(name_or_id))?;
    only("Flavor", name_or_id, &found)
}

/// The one that was found.
fn only<Id: ToString>(what: &str, name_or_id: &str, found: &[Id]) -> Result<String> {
    match found {
        [id] => Ok(id.to_string()),
        [] => {
            let sentence = format!("The {what} ({name_or_id}) could not be found.");
            Err(Error::not_found(sentence).tag("EntityNotFound"))
        }
        _ => Err(ambiguous(name_or_id)),
    }
}

/// A name that several things have.
fn ambiguous(name: &str) -> Error {
    let sentence = format!("Multiple physical resources were found with name ({name}).");
    Error::bad_request(sentence).tag("PhysicalResourceNameAmbiguity")
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
