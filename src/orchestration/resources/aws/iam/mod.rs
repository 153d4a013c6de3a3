//! `AWS::IAM::…`: users of the stack, and the keys by which their requests are signed.

pub(in crate::resources) mod access_key;
pub(in crate::resources) mod user;
