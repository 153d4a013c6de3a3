//! `/os-instance_usage_audit_log`.

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::policy::Target;
use serde_json::{Value, json};

use super::{logic, store, view};

/// `GET /os-instance_usage_audit_log`: of the month that ended last.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let log = log(&call, call.platform.clock.now()).await?;
    Ok(Reply::json(json!({"instance_usage_audit_logs": log})))
}

/// `GET /os-instance_usage_audit_log/{before}`: of the month that ended last before then.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let given = call.param("before");
    let unreadable = || Error::bad_request(format!("Invalid timestamp for date {given}"));
    let before = logic::parse(given);
    call.authorize_on(&Target::none())?;
    let log = log(&call, before.ok_or_else(unreadable)?).await?;
    Ok(Reply::json(json!({"instance_usage_audit_log": log})))
}

async fn log(call: &Call, before: Time) -> Result<Value> {
    call.authorize_on(&Target::none())?;
    let month = logic::month_before(before)?;
    let hosts = call.platform.store.read(move |db| store::list(db, month)).await?;
    Ok(view::log(month, &hosts))
}
