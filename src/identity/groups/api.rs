//! `/groups` and `/users/{user_id}/groups`: calls become logic, rows become answers.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::{GroupId, UserId};
use kit::policy::Target;
use serde_json::{Value, json};

use super::model::Group;
use super::{logic, store, view};
use crate::record::{Attributes, attributes};
use crate::view::collection;
use crate::{access, changes, users};

/// `GET /groups`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    access::authorize_list(&call, "target.group.domain_id")?;
    let groups = call.platform.store.read(store::list).await?;
    listed(&call, &groups, &["domain_id", "name"])
}

/// `GET /users/{user_id}/groups`.
pub(crate) async fn of_user(call: Call) -> Result<Reply> {
    let id = UserId::from(call.param("user_id"));
    let wanted = id.clone();
    let found = call.platform.store.read(move |db| users::store::get(db, &wanted)).await?;
    access::open(&call, found, || users::logic::not_found(&id))?;
    let groups = call.platform.store.read(move |db| store::list_of_user(db, &id)).await?;
    listed(&call, &groups, &["name"])
}

/// The groups, of them those of the domain of a domain's token.
fn listed(call: &Call, groups: &[Group], filters: &[&str]) -> Result<Reply> {
    let domain = access::own_domain(call);
    let visible =
        groups.iter().filter(|group| domain.as_ref().is_none_or(|own| group.domain_id == *own));
    let rows = visible.map(|group| view::group(call, group)).collect();
    collection(call, "groups", rows, filters)
}

/// `GET /groups/{group_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let group = find(&call).await?;
    Ok(Reply::json(json!({"group": view::group(&call, &group)})))
}

/// `POST /groups`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let given = attributes(&call.body, "group");
    call.authorize_on(&target_of_new(&given))?;
    let group = logic::new(given, access::domain_for_new(&call))?;
    let written = group.clone();
    changes::commit(&call.platform, "groups:create", move |tx| logic::create(tx, &written)).await?;
    Ok(Reply::json(json!({"group": view::group(&call, &group)})))
}

/// `PATCH /groups/{group_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let id = find(&call).await?.id;
    let given = attributes(&call.body, "group");
    let write = move |tx: &rusqlite::Connection| logic::update(tx, &id, given);
    let group = changes::commit(&call.platform, "groups:update", write).await?;
    Ok(Reply::json(json!({"group": view::group(&call, &group)})))
}

/// `DELETE /groups/{group_id}`. Keystone tells policy nothing of the group, so the manager of its
/// domain may not.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    call.authorize_on(&Target::none())?;
    let id = GroupId::from(call.param("group_id"));
    changes::commit(&call.platform, "groups:delete", move |tx| {
        store::get_for_system(tx, &id)?.ok_or_else(|| logic::not_found(&id))?;
        store::delete(tx, &id)
    })
    .await?;
    Ok(Reply::empty())
}

/// The group of the path, opened with the operation's rule.
pub(super) async fn find(call: &Call) -> Result<Group> {
    let id = GroupId::from(call.param("group_id"));
    let wanted = id.clone();
    let found = call.platform.store.read(move |db| store::get(db, &wanted)).await?;
    access::open(call, found, || logic::not_found(&id))
}

/// Keystone asks policy about the body as it came, before the default domain is filled in.
fn target_of_new(given: &Attributes) -> Target {
    match given.get("domain_id").and_then(Value::as_str) {
        Some(domain) => Target::none().with("target.group.domain_id", domain),
        None => Target::none(),
    }
}
