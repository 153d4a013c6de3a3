//! What every test stands on: a cloud, sessions in it, answers.

mod cloud;
pub(crate) mod session;

pub(crate) use cloud::{PASSWORD, TestCloud};
pub(crate) use session::{Answer, Scope, Session};
