//! `/roles/{prior_role_id}/implies` and `/role_inferences`: calls become logic, rows become
//! answers.

use std::collections::HashMap;

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::RoleId;

use super::model::{Implication, Role};
use super::{logic, store, view};
use crate::changes;

/// `GET /role_inferences`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let (roles, rows) = call
        .platform
        .store
        .read(|db| Ok((store::list(db)?, store::list_implications(db)?)))
        .await?;
    let by_id: HashMap<&RoleId, &Role> = roles.iter().map(|role| (&role.id, role)).collect();
    let inferences = roles.iter().filter_map(|prior| {
        let implied = rows.iter().filter(|row| row.prior == prior.id);
        let implied: Vec<&Role> =
            implied.filter_map(|row| by_id.get(&row.implied).copied()).collect();
        (!implied.is_empty()).then(|| view::rule(&call, prior, &implied))
    });
    let inferences: Vec<_> = inferences.collect();
    Ok(Reply::json(view::rules(&inferences)))
}

/// `GET /roles/{prior_role_id}/implies`.
pub(crate) async fn of_role(call: Call) -> Result<Reply> {
    call.authorize()?;
    let id = RoleId::from(call.param("prior_role_id"));
    let (prior, implied) = call
        .platform
        .store
        .read(move |db| {
            let rows = store::list_implications(db)?;
            let rows = rows.iter().filter(|row| row.prior == id);
            let implied =
                rows.map(|row| logic::get(db, &row.implied)).collect::<Result<Vec<_>>>()?;
            Ok((logic::get(db, &id)?, implied))
        })
        .await?;
    let path = format!("/roles/{}/implies", prior.id);
    let implied = implied.iter().map(|role| view::reference(&call, role)).collect();
    Ok(Reply::json(view::inference(&call, &prior, &implied, &path)))
}

/// `GET /roles/{prior_role_id}/implies/{implied_role_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    call.authorize()?;
    let one = implication(&call);
    let wanted = one.clone();
    let (prior, implied) = roles(&call, &one).await?;
    call.platform.store.read(move |db| logic::check_implied(db, &wanted)).await?;
    Ok(reply(&call, &prior, &implied))
}

/// `HEAD /roles/{prior_role_id}/implies/{implied_role_id}`.
pub(crate) async fn check(call: Call) -> Result<Reply> {
    show(call).await.map(|_| Reply::empty())
}

/// `PUT /roles/{prior_role_id}/implies/{implied_role_id}`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize()?;
    let one = implication(&call);
    let (prior, implied) = roles(&call, &one).await?;
    changes::commit(&call.platform, "roles:imply", move |tx| logic::imply(tx, &one)).await?;
    Ok(reply(&call, &prior, &implied))
}

/// `DELETE /roles/{prior_role_id}/implies/{implied_role_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    call.authorize()?;
    let one = implication(&call);
    roles(&call, &one).await?;
    changes::commit(&call.platform, "roles:unimply", move |tx| logic::unimply(tx, &one)).await?;
    Ok(Reply::empty())
}

fn implication(call: &Call) -> Implication {
    Implication {
        prior: RoleId::from(call.param("prior_role_id")),
        implied: RoleId::from(call.param("implied_role_id")),
    }
}

async fn roles(call: &Call, one: &Implication) -> Result<(Role, Role)> {
    let one = one.clone();
    call.platform
        .store
        .read(move |db| Ok((logic::get(db, &one.prior)?, logic::get(db, &one.implied)?)))
        .await
}

fn reply(call: &Call, prior: &Role, implied: &Role) -> Reply {
    let path = format!("/roles/{}/implies/{}", prior.id, implied.id);
    Reply::json(view::inference(call, prior, &view::reference(call, implied), &path))
}
