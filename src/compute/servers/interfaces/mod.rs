//! A server's interfaces: what it has, one more, one less.
//!
//! A port is the server's from the answer on, and its guest's when the operation that the answer
//! promises has ended; it stays the server's until its guest is rid of it. So a rebuild or a start
//! in between finds the ports that the guest is to have.
//!
//! What never happens: two interfaces on one network, which no engine gives a guest.

pub(crate) mod api;
pub(crate) mod attach;
pub(crate) mod detach;
pub(crate) mod exchange;
pub(crate) mod logic;
mod plug;
pub(crate) mod readdress;
mod view;
