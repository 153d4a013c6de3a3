//! The rules of flavor access: check, decide, write.

use kit::error::{Error, Result};
use kit::ids::{FlavorId, ProjectId};
use rusqlite::Connection;

use crate::flavors::model::Flavor;
use crate::flavors::{logic as flavors, store};
use crate::projects;

/// The projects that may use a private flavor.
pub(crate) fn list(connection: &Connection, id: &FlavorId) -> Result<Vec<ProjectId>> {
    if flavor(connection, id)?.is_public {
        return Err(Error::not_found("Access list not available for public flavors."));
    }
    store::list_access(connection, id)
}

/// Lets a project use the flavor; `only_private` refuses a public one. The list afterwards.
pub(crate) fn add(
    connection: &Connection,
    id: &FlavorId,
    project: &ProjectId,
    only_private: bool,
) -> Result<Vec<ProjectId>> {
    projects::verify(connection, project)?;
    if flavor(connection, id)?.is_public && only_private {
        return Err(Error::conflict("Can not add access to a public flavor."));
    }
    if !store::insert_access(connection, id, project.as_str())? {
        return Err(Error::conflict(format!(
            "Flavor access already exists for flavor {id} and project {project} combination."
        )));
    }
    store::list_access(connection, id)
}

/// Takes the flavor from a project, which need not exist any more. The list afterwards.
pub(crate) fn remove(
    connection: &Connection,
    id: &FlavorId,
    project: &ProjectId,
) -> Result<Vec<ProjectId>> {
    flavor(connection, id)?;
    if !store::delete_access(connection, id, project.as_str())? {
        return Err(Error::not_found(format!(
            "Flavor access not found for {id} / {project} combination."
        )));
    }
    store::list_access(connection, id)
}

fn flavor(connection: &Connection, id: &FlavorId) -> Result<Flavor> {
    store::get_for_system(connection, id)?.ok_or_else(|| flavors::not_found(id))
}
