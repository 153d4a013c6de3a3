//! `AWS::AutoScaling::…`.

pub(in crate::resources) mod autoscaling_group;
pub(in crate::resources) mod launch_configuration;
pub(in crate::resources) mod scaling_policy;
