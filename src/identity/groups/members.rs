//! `/groups/{group_id}/users`: calls become logic, rows become answers.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::{GroupId, UserId};
use kit::policy::Target;
use rusqlite::Connection;

use super::{api, logic, store};
use crate::view::collection;
use crate::{access, changes, users};

/// `GET /groups/{group_id}/users`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let id = api::find(&call).await?.id;
    let found = call.platform.store.read(move |db| logic::users(db, &id)).await?;
    let domain = access::own_domain(&call);
    let visible =
        found.iter().filter(|user| domain.as_ref().is_none_or(|own| user.domain_id == *own));
    let rows = visible.map(|user| users::view::user(&call, user)).collect();
    collection(&call, "users", rows, &["domain_id", "enabled", "name"])
}

/// `GET /groups/{group_id}/users/{user_id}`, and `HEAD`.
pub(crate) async fn check(call: Call) -> Result<Reply> {
    let (group, user) = named(&call).await?;
    call.platform.store.read(move |db| logic::check_member(db, &group, &user)).await?;
    Ok(Reply::empty())
}

/// `PUT /groups/{group_id}/users/{user_id}`.
pub(crate) async fn add(call: Call) -> Result<Reply> {
    let (group, user) = named(&call).await?;
    changes::commit(&call.platform, "groups:add_member", move |tx| {
        logic::add_member(tx, &group, &user)
    })
    .await?;
    Ok(Reply::empty())
}

/// `DELETE /groups/{group_id}/users/{user_id}`.
pub(crate) async fn remove(call: Call) -> Result<Reply> {
    let (group, user) = named(&call).await?;
    changes::commit(&call.platform, "groups:remove_member", move |tx| {
        logic::remove_member(tx, &group, &user)
    })
    .await?;
    Ok(Reply::empty())
}

/// What the path names, once policy has been asked about both; either may not be there.
async fn named(call: &Call) -> Result<(GroupId, UserId)> {
    let group = GroupId::from(call.param("group_id"));
    let user = UserId::from(call.param("user_id"));
    let (of, who) = (group.clone(), user.clone());
    let target = call.platform.store.read(move |db| target(db, &of, &who)).await?;
    call.authorize_on(&target)?;
    Ok((group, user))
}

/// What rules may ask of a user in a group.
pub(crate) fn target(db: &Connection, group: &GroupId, user: &UserId) -> Result<Target> {
    let group = store::get_for_system(db, group)?;
    let target = group.map_or_else(Target::none, |group| group.target());
    Ok(match users::store::get_for_system(db, user)? {
        Some(user) => target.with("target.user.domain_id", user.domain_id),
        None => target,
    })
}
