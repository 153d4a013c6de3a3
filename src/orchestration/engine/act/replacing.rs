//! One resource in the place of another of its name.
//!
//! The old row stays until all the rest is made, so that a rollback finds it there. What there is
//! only one of, and its successor needs, it lets go before that comes; a type whose things cannot do
//! that has them go first.
//!
//! ```text
//! stays          successor made ──────────────────────────► old one deleted
//! lets go        parted ─► successor made ────────────────► old one deleted
//!                     └──► (rollback) taken back ─► successor deleted
//! goes first     old one deleted ─► successor made
//! ```

use kit::error::Result;
use serde_json::Value;

use super::{CHANGED, Visit, carry_out_now, placed};
use crate::engine::traverse;
use crate::resources::{Plugin, Updated};
use crate::stack_resources::model::{Progress, Resource, Wanted};
use crate::stack_resources::store as resource_store;
use crate::stacks::blueprint::Blueprint;
use crate::stacks::model::{Action, Status};

/// What the data of a resource say whose thing has let go.
const PARTED: &str = "parted";

/// Whether its thing has let go of what its successor needs.
pub(super) fn is_parted(resource: &Resource) -> bool {
    resource.data.contains_key(PARTED)
}

/// Begins a visit that puts another in the place of the resource.
pub(super) fn begin(mut visit: Visit<'_>, blueprint: &Blueprint) -> Result<()> {
    let plugin = visit.plugin_in(blueprint)?;
    if plugin.goes_before_its_successor(&visit.look())? {
        return visit.reach(Action::Delete, Status::InProgress, CHANGED);
    }
    if plugin.lets_go(&visit.look()) {
        return visit.reach(Action::Update, Status::InProgress, CHANGED);
    }
    succeed(visit, blueprint)
}

/// Does so in a visit that is being carried out.
pub(super) fn carry_out(mut visit: Visit<'_>, blueprint: &Blueprint) -> Result<()> {
    let plugin = visit.plugin_in(blueprint)?;
    if plugin.goes_before_its_successor(&visit.look())? {
        visit.reach(Action::Delete, Status::InProgress, CHANGED)?;
        return carry_out_now(visit);
    }
    if !plugin.lets_go(&visit.look()) {
        return succeed(visit, blueprint);
    }
    let let_go = plugin.let_go(&mut visit.act()?);
    let_go.map_err(|error| placed(&visit.resource, &error))?;
    visit.resource.data.insert(PARTED.to_owned(), Value::Bool(true));
    resource_store::save(visit.hand.connection, &visit.resource)
}

/// Gives the thing back what it has let go; what has followed it lets go in turn.
pub(super) fn take_back(visit: &mut Visit<'_>, plugin: &'static dyn Plugin) -> Result<Updated> {
    let mut followers = followers(visit)?;
    followers.retain(|row| row.physical.is_some());
    visit.resource.data.remove(PARTED);
    plugin.take_back(&mut visit.act()?, &followers)?;
    Ok(Updated::InPlace)
}

/// The successor comes, and the resource goes when all the rest is made.
pub(super) fn succeed(mut visit: Visit<'_>, blueprint: &Blueprint) -> Result<()> {
    insert_successor(&visit, blueprint)?;
    visit.resource.wanted = Wanted::Removed;
    visit.leave(Progress::Waiting)
}

/// The resource is gone. If it only made room, its successor comes now; if it was to come back, what
/// has followed it is to be what it was.
pub(super) fn disappear(mut visit: Visit<'_>) -> Result<()> {
    if visit.resource.wanted == Wanted::Made {
        match followers(&visit)?.pop() {
            Some(follower) => {
                let requires = visit.resource.requires.clone();
                let mut follower = Resource { requires, ..follower };
                traverse::aim(visit.hand, &mut follower, Wanted::Made)?;
            }
            None => insert_successor(&visit, &*Blueprint::of(&visit.stack)?)?,
        }
    }
    resource_store::delete(visit.hand.connection, visit.resource.number)?;
    traverse::advance(visit.hand, &mut visit.stack)
}

/// The resources of its name that came after it.
fn followers(visit: &Visit<'_>) -> Result<Vec<Resource>> {
    let Resource { stack, name, number, .. } = &visit.resource;
    let mut rows = resource_store::named(visit.hand.connection, stack, name)?;
    rows.retain(|row| row.number > *number);
    Ok(rows)
}

fn insert_successor(visit: &Visit<'_>, blueprint: &Blueprint) -> Result<()> {
    let old = &visit.resource;
    let definition = blueprint.definition.resource(&old.name);
    let resource_type = definition.map_or(&old.resource_type, |row| &row.resource_type);
    let new = Resource {
        requires: old.requires.clone(),
        ..Resource::new(&old.stack, &old.name, resource_type, visit.hand.now)
    };
    resource_store::insert(visit.hand.connection, &new).map(drop)
}
