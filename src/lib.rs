//! Novadock: an OpenStack cloud in one binary whose servers are Docker containers.
//!
//! The map is ARCHITECTURE.md. This crate only puts the services together: [`app`] is the list
//! of services and the order of start and stop, [`cli`] the command line, [`health`] the
//! house's own pages.

pub mod app;
pub mod cli;
mod commands;
mod health;
