//! Rules of security groups. Kept and reported; nothing filters by them yet.
//!
//! **Invariant:** no group has the same rule twice.

pub mod model;
pub(crate) mod store;
