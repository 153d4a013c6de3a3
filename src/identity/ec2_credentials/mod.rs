//! EC2 credentials: pairs of an access key and a secret that sign requests for a user in a
//! project. They are credentials of the type `ec2`, in other words.

pub(crate) mod api;
pub(crate) mod logic;
mod view;
