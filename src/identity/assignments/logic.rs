//! The rules of role assignments: check, decide, write.

use kit::error::Result;
use kit::ids::{RoleId, UserId};
use rusqlite::Connection;

use super::effective::{self, Implications};
use super::model::Place;
use super::store;
use crate::projects;
use crate::projects::model::Project;
use crate::roles;

/// The roles that a user has in `place`, inherited and implied ones included.
pub(crate) fn effective_roles(
    db: &Connection,
    user: &UserId,
    place: &Place,
) -> Result<Vec<RoleId>> {
    let assignments = store::list_of_user(db, user)?;
    let above = above(db, place)?;
    Ok(effective::roles(&assignments, place, &above, &implications(db)?))
}

/// The places from which `place` inherits.
pub(crate) fn above(db: &Connection, place: &Place) -> Result<Vec<Place>> {
    match place {
        Place::Project(id) => {
            Ok(projects::logic::ancestors(db, id)?.iter().map(place_of).collect())
        }
        Place::Domain(_) | Place::System => Ok(Vec::new()),
    }
}

/// Which roles bring which others.
pub(crate) fn implications(db: &Connection) -> Result<Implications> {
    Ok(Implications::new(roles::store::list_implications(db)?))
}

fn place_of(project: &Project) -> Place {
    if project.is_domain {
        Place::Domain(project.as_domain_id())
    } else {
        Place::Project(project.id.clone())
    }
}
