//! `OS::Heat::…`: types whose things are nowhere but in the stack.

pub(super) mod access_policy;
pub(super) mod autoscaling_group;
pub(super) mod cloud_config;
mod deadline;
pub(super) mod delay;
mod deploying;
mod members;
pub(crate) mod multipart_mime;
pub(super) mod none;
pub(super) mod random_string;
pub(super) mod resource_chain;
pub(super) mod resource_group;
pub(super) mod scaling_policy;
pub(super) mod software_component;
pub(super) mod software_config;
pub(super) mod software_deployment;
pub(super) mod software_deployment_group;
pub(super) mod stack;
pub(super) mod structured_config;
pub(super) mod swift_signal;
pub(super) mod swift_signal_handle;
pub(super) mod test_resource;
pub(super) mod update_wait_condition_handle;
pub(super) mod value;
pub(super) mod wait_condition;
pub(super) mod wait_condition_handle;
