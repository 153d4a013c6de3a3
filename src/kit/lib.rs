//! The mechanisms of the house. No OpenStack resource is named here.
//!
//! | module | what it holds |
//! |---|---|
//! | [`error`] [`ids`] [`clock`] [`secret`] [`tasks`] [`config`] [`metrics`] | words everybody uses |
//! | [`store`] | one SQLite file, one writer, many readers |
//! | [`engine`] | what a container engine must do; the simulated one |
//! | [`policy`] [`quota`] | who may do what, and how much of it |
//! | [`http`] | from a socket to a handler and back |
//! | [`workflow`] | durable operations: do outside, record inside |
//! | [`platform`] | all of it in one hand |
//! | [`testing`] | a platform for tests |

pub mod clock;
pub mod config;
pub mod engine;
pub mod error;
pub mod http;
pub mod ids;
pub mod metrics;
pub mod platform;
pub mod policy;
pub mod quota;
pub mod secret;
pub mod store;
pub mod tasks;
pub mod telemetry;
pub mod testing;
pub mod workflow;

pub use error::{Error, Kind, Result};
pub use platform::Platform;
