//! `AWS::CloudFormation::…`.

pub(in crate::resources) mod stack;
pub(in crate::resources) mod wait_condition;
pub(in crate::resources) mod wait_condition_handle;
