//! `CloudFormation`'s query API, as Heat's `heat-api-cfn` serves it: one URL, the parameter `Action`
//! says what is asked, and answers are XML unless `ContentType=JSON` is among the parameters.
//!
//! A dialect and no second implementation: every action asks handlers of the own API for what it
//! wants, with a rule of its own, and says the answer in Amazon's words ([`view`]).

pub(crate) mod api;
mod parameters;
mod signed;
mod view;
