//! Servers: containers with an OpenStack life.
//!
//! A request checks and writes rows and a journal entry in one transaction; the workflows
//! ([`boot`], [`delete`], [`actions`]) do the work on the engine and record what came of it;
//! [`crate::reconcile`] follows what happens on the engine by itself.
//!
//! **Invariant:** a server with an open operation has a `task_state`, and only that operation
//! changes its states.
//! **Invariant:** `deleted_at` ends a row; only [`crate::retention`] removes it, long after.

pub(crate) mod actions;
pub(crate) mod addresses;
pub(crate) mod api;
pub(crate) mod boot;
pub(crate) mod consoles;
pub(crate) mod container;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod diagnostics;
pub(crate) mod disk_config;
pub(crate) mod faults;
pub(crate) mod filters;
pub(crate) mod interfaces;
pub(crate) mod logic;
pub(crate) mod metadata;
pub mod model;
pub(crate) mod neighbours;
pub(crate) mod password;
pub(crate) mod request;
pub(crate) mod security_groups;
pub(crate) mod shares;
pub(crate) mod snapshot;
pub(crate) mod soft_delete;
pub(crate) mod states;
pub(crate) mod steps;
pub(crate) mod store;
pub(crate) mod tags;
pub(crate) mod timers;
pub(crate) mod topology;
pub(crate) mod view;
pub(crate) mod volume_attachments;

use kit::workflow::Workflow;

/// What is done to servers, and before there are any, for the runner.
pub(crate) static WORKFLOWS: &[&Workflow] = &[
    &boot::BOOT,
    &delete::DELETE,
    &actions::start::START,
    &actions::stop::STOP,
    &actions::reboot::REBOOT_SOFT,
    &actions::reboot::REBOOT_HARD,
    &actions::rebuild::REBUILD,
    &actions::resize::RESIZE,
    &actions::confirm_resize::CONFIRM,
    &actions::revert_resize::REVERT,
    &actions::pause::PAUSE,
    &actions::unpause::UNPAUSE,
    &actions::suspend::SUSPEND,
    &actions::resume::RESUME,
    &actions::change_password::CHANGE_PASSWORD,
    &actions::create_image::CREATE_IMAGE,
    &actions::create_backup::CREATE_BACKUP,
    &actions::shelve::SHELVE,
    &actions::shelve_offload::SHELVE_OFFLOAD,
    &actions::unshelve::UNSHELVE,
    &actions::unshelve::UNSHELVE_KEPT,
    &actions::rescue::RESCUE,
    &actions::unrescue::UNRESCUE,
    &soft_delete::SOFT_DELETE,
    &actions::restore::RESTORE,
    &actions::trigger_crash_dump::TRIGGER_CRASH_DUMP,
    &timers::TIMER,
    &interfaces::attach::ATTACH,
    &interfaces::readdress::READDRESS,
    &interfaces::detach::DETACH,
    &interfaces::exchange::EXCHANGE,
    &actions::lock::NOTED,
    &neighbours::FOLLOW,
    &crate::aggregates::image_cache::CACHE_IMAGE,
];

#[cfg(test)]
mod tests;
