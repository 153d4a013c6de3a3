//! `AWS::…`: types in the words of Amazon's cloud, made of what our services have.

pub(super) mod autoscaling;
pub(super) mod cloudformation;
pub(super) mod ec2;
pub(super) mod elastic_load_balancing;
pub(super) mod iam;
