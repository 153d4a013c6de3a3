//! `/ec2tokens`: a service shows a request that an EC2 credential signed, for a token of the
//! credential's user. Who the user is, `tokens::methods::ec2` finds out.

pub(crate) mod api;
