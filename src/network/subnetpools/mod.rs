//! Subnet pools: ranges that subnets are cut from.
//!
//! **Invariant:** two subnets of a pool share no address, and a pool loses no range that a subnet
//! was cut from. `prefixes.rs` is the pure part.

pub(crate) mod api;
mod attributes;
pub(crate) mod errors;
pub(crate) mod logic;
pub mod model;
pub(crate) mod prefixes;
pub(crate) mod store;
mod view;
