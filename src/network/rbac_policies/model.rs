//! Kinds of things that are shared, and with whom a thing is.

use kit::ids::ProjectId;
use kit::policy::Caller;
use kit::text_enum;
use rusqlite::Row;

use kit::store::json_column;

text_enum! {
    /// What can be shared.
    pub enum ObjectType {
        /// An address scope.
        AddressScope = "address_scope",
        /// A subnet pool.
        SubnetPool = "subnetpool",
    }
}

/// Whom a policy is for when it is for everybody.
pub(crate) const EVERYBODY: &str = "*";

/// With whom a thing is shared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shares(Vec<String>);

impl Shares {
    /// From the column `shares`.
    pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self(json_column(row, "shares")?))
    }

    /// With everybody, or with nobody.
    pub(crate) fn everybody_if(shared: bool) -> Self {
        Self(if shared { vec![EVERYBODY.to_owned()] } else { Vec::new() })
    }

    /// Whether it is shared with everybody.
    pub(crate) fn has_everybody(&self) -> bool {
        self.0.iter().any(|target| target == EVERYBODY)
    }

    /// Whether it is shared with a project, named or among everybody.
    pub(crate) fn has(&self, project: &ProjectId) -> bool {
        self.has_everybody() || self.0.iter().any(|target| target == project.as_str())
    }

    /// What whoever looks is told.
    pub(crate) fn with_caller(&self, caller: Option<&Caller>) -> bool {
        let project = caller.and_then(Caller::project);
        project.map_or_else(|| self.has_everybody(), |project| self.has(project))
    }
}
