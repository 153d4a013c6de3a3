//! `/roles`: calls become logic, rows become answers.
//!
//! Keystone has a second set of rules for the roles of one domain, so policy is asked here with
//! the rule that the role's kind wants.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::RoleId;
use kit::policy::{Rule, Target};
use serde_json::{Value, json};

use super::model::Role;
use super::{logic, store, view};
use crate::record::attributes;
use crate::view::collection;
use crate::{changes, policy};

/// `GET /roles`: the global ones, or those of one domain.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let domain = call.query("domain_id").filter(|id| !id.is_empty()).map(str::to_owned);
    authorize(&call, &policy::LIST_DOMAIN_ROLES, domain.is_some(), &Target::none())?;
    let mut roles = call.platform.store.read(store::list).await?;
    roles.retain(|role| role.domain_id.as_ref().map(AsRef::as_ref) == domain.as_deref());
    let rows = roles.iter().map(|role| view::role(&call, role)).collect();
    collection(&call, "roles", rows, &["name"])
}

/// `GET /roles/{role_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let role = find(&call, &policy::GET_DOMAIN_ROLE).await?;
    Ok(Reply::json(json!({"role": view::role(&call, &role)})))
}

/// `POST /roles`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let given = attributes(&call.body, "role");
    let of_domain = given.get("domain_id").is_some_and(Value::is_string);
    authorize(&call, &policy::CREATE_DOMAIN_ROLE, of_domain, &Target::none())?;
    let role = logic::new(given)?;
    let written = role.clone();
    changes::commit(&call.platform, "roles:create", move |tx| logic::create(tx, &written)).await?;
    Ok(Reply::json(json!({"role": view::role(&call, &role)})))
}

/// `PATCH /roles/{role_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let id = find(&call, &policy::UPDATE_DOMAIN_ROLE).await?.id;
    let given = attributes(&call.body, "role");
    let role =
        changes::commit(&call.platform, "roles:update", move |tx| logic::update(tx, &id, given))
            .await?;
    Ok(Reply::json(json!({"role": view::role(&call, &role)})))
}

/// `DELETE /roles/{role_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let id = find(&call, &policy::DELETE_DOMAIN_ROLE).await?.id;
    changes::commit(&call.platform, "roles:delete", move |tx| logic::delete(tx, &id)).await?;
    Ok(Reply::empty())
}

/// The role of the path, opened with the operation's rule or, for one of a domain, with the other.
async fn find(call: &Call, of_domain: &Rule) -> Result<Role> {
    let id = RoleId::from(call.param("role_id"));
    let wanted = id.clone();
    let found = call.platform.store.read(move |db| store::get(db, &wanted)).await?;
    let target = found.as_ref().map_or_else(Target::none, Role::target);
    let in_domain = found.as_ref().is_some_and(|role| role.domain_id.is_some());
    authorize(call, of_domain, in_domain, &target)?;
    found.ok_or_else(|| logic::not_found(&id))
}

fn authorize(call: &Call, of_domain: &Rule, in_domain: bool, target: &Target) -> Result<()> {
    if in_domain {
        return call.platform.policy.authorize(of_domain, call.caller()?, target);
    }
    call.authorize_on(target)
}
