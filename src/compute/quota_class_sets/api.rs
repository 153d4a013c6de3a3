//! `/os-quota-class-sets/{quota_class}`: calls become logic, rows become answers.

use std::sync::Arc;

use kit::error::Result;
use kit::http::{Call, Reply};

use super::logic;
use crate::loose;
use crate::quota_sets::view;

/// `GET /os-quota-class-sets/{quota_class}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    call.authorize()?;
    let class = call.param("quota_class").to_owned();
    let (platform, name) = (Arc::clone(&call.platform), class.clone());
    let quotas =
        call.platform.store.read(move |db| logic::show(db, &platform.quotas, &name)).await?;
    Ok(Reply::json(view::quota_class_set(Some(&class), &quotas, call.version)))
}

/// `PUT /os-quota-class-sets/{quota_class}`. Nova leaves the id out of this answer.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    call.authorize()?;
    let class = call.param("quota_class").to_owned();
    let limits = call
        .wrapped("quota_class_set")
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| Ok((key.clone(), loose::integer(key, value)?)))
        .collect::<Result<Vec<_>>>()?;
    let platform = Arc::clone(&call.platform);
    let quotas = call
        .platform
        .store
        .write("quota-class-sets:update", move |tx| {
            logic::update(tx, &platform.quotas, &class, &limits)
        })
        .await?;
    Ok(Reply::json(view::quota_class_set(None, &quotas, call.version)))
}
