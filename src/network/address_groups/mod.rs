//! Address groups: named sets of ranges, which rules of security groups name.
//!
//! A change of a group's ranges reaches the guests by a trigger, as changes of rules do
//! (`migrations/0048_address_groups.sql`).
//!
//! **Invariant:** a group that a rule names is not deleted.

pub(crate) mod api;
mod attributes;
mod errors;
pub(crate) mod logic;
pub mod model;
pub(crate) mod store;
mod view;
