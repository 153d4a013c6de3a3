//! A migration as it is kept, with Nova's words for what it is and how far it came.

use kit::clock::Time;
use kit::ids::{MigrationId, ProjectId, ServerId, UserId};

use crate::servers::model::FlavorCopy;

kit::text_enum! {
    /// What is done to the server.
    pub enum Kind {
        /// It gets another flavor.
        Resize = "resize",
        /// It is moved while it is stopped.
        Cold = "migration",
        /// It is moved while it runs.
        Live = "live-migration",
        /// It is made anew elsewhere, because its host is gone.
        Evacuation = "evacuation",
    }
}

kit::text_enum! {
    /// How far it came.
    pub enum Status {
        /// Asked for.
        PreMigrating = "pre-migrating",
        /// Under way.
        Migrating = "migrating",
        /// Waits to be confirmed or reverted.
        Finished = "finished",
        /// The old is thrown away.
        Confirmed = "confirmed",
        /// Is being reverted.
        Reverting = "reverting",
        /// The old is back.
        Reverted = "reverted",
        /// It failed, and nothing has changed.
        Error = "error",
    }
}

/// A migration, all of its row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Migration {
    /// The `id` of the API; 0 before the insert.
    pub(crate) number: i64,
    pub(crate) id: MigrationId,
    pub(crate) server: ServerId,
    pub(crate) project: ProjectId,
    pub(crate) user: UserId,
    pub(crate) kind: Kind,
    pub(crate) status: Status,
    /// The host it is on.
    pub(crate) source: Option<String>,
    /// The host it gets, once one was found.
    pub(crate) destination: Option<String>,
    pub(crate) old_flavor: FlavorCopy,
    pub(crate) new_flavor: FlavorCopy,
    /// Nova's hidden ids of the flavors; the insert looks them up.
    pub(crate) old_flavor_row: Option<i64>,
    pub(crate) new_flavor_row: Option<i64>,
    pub(crate) created_at: Time,
    pub(crate) updated_at: Option<Time>,
}

/// Which migrations are asked for; `None`: whatever it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    pub(crate) server: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) kind: Option<String>,
    /// The host it is on.
    pub(crate) source: Option<String>,
    /// A host that it is on or gets.
    pub(crate) host: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) project: Option<String>,
    pub(crate) changes_since: Option<Time>,
    pub(crate) changes_before: Option<Time>,
    /// The newest first, in pages; otherwise as they came.
    pub(crate) newest_first: bool,
    pub(crate) limit: i64,
    pub(crate) marker: Option<String>,
}
