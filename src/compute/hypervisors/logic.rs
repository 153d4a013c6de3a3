//! Which hypervisors are asked for. PURE: rows in, rows out.

use kit::error::{Error, Result};
use kit::ids::is_uuid_like;

use crate::hosts::model::Hypervisor;

/// How a version names hypervisors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// By integer.
    Number,
    /// By UUID.
    Uuid,
}

impl Naming {
    /// The name of one.
    pub(super) fn of(self, hypervisor: &Hypervisor) -> String {
        match self {
            Self::Number => hypervisor.host.row.to_string(),
            Self::Uuid => hypervisor.host.id.to_string(),
        }
    }
}

/// The hypervisor of this name.
pub(super) fn find(all: Vec<Hypervisor>, naming: Naming, id: &str) -> Result<Hypervisor> {
    if naming == Naming::Uuid && !is_uuid_like(id) {
        return Err(Error::bad_request(format!("Invalid uuid {id}")));
    }
    let missing = || Error::not_found(format!("Hypervisor with ID '{id}' could not be found."));
    all.into_iter().find(|hypervisor| naming.of(hypervisor) == id).ok_or_else(missing)
}

/// Those whose host name contains `pattern`; none is an error.
pub(super) fn search(mut all: Vec<Hypervisor>, pattern: &str) -> Result<Vec<Hypervisor>> {
    let wanted = pattern.to_lowercase();
    all.retain(|hypervisor| hypervisor.host.name.to_lowercase().contains(&wanted));
    if all.is_empty() {
        let sentence = format!("No hypervisor matching '{pattern}' could be found.");
        return Err(Error::not_found(sentence));
    }
    Ok(all)
}

/// At most `limit` of those after `marker`.
pub(super) fn page(
    mut all: Vec<Hypervisor>,
    naming: Naming,
    marker: Option<&str>,
    limit: i64,
) -> Result<Vec<Hypervisor>> {
    if let Some(marker) = marker {
        let found = all.iter().position(|hypervisor| naming.of(hypervisor) == marker);
        let unknown = || Error::bad_request(format!("marker [{marker}] not found"));
        all.drain(..=found.ok_or_else(unknown)?);
    }
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(all)
}
