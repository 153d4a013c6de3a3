//! `/os-services`: calls become logic, rows become answers.

use kit::error::{Error, Result};
use kit::http::{Call, Cx, Reply};
use serde_json::{Map, Value, json};

use super::logic::{self, Update};
use super::view;
use crate::hosts::store;
use crate::loose;
use crate::microversions::{FORCED_DOWN, SERVICE_UUID};

/// `GET /os-services`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let services = call.platform.store.read(store::list_services).await?;
    let wanted = |key: &str, own: &str| {
        call.query(key).filter(|asked| !asked.is_empty()).is_none_or(|asked| asked == own)
    };
    let cx = Cx::new(&call);
    let rows: Vec<Value> = services
        .iter()
        .filter(|row| wanted("host", &row.host) && wanted("binary", row.binary.as_str()))
        .map(|row| view::DETAIL.render(row, &cx))
        .collect();
    Ok(Reply::json(json!({"services": rows})))
}

/// `PUT /os-services/{service_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    call.authorize()?;
    let body = &call.body;
    let disabled = body.get("status").map(|status| status == "disabled");
    let update = Update {
        disabled,
        disabled_reason: reason(body).filter(|_| disabled == Some(true)),
        forced_down: forced_down(body),
    };
    let id = call.param("service_id").to_owned();
    let service = call
        .platform
        .store
        .write("services:update", move |tx| logic::update(tx, &id, &update))
        .await?;
    Ok(Reply::json(json!({"service": view::DETAIL.render(&service, &Cx::new(&call))})))
}

/// `PUT /os-services/{action}`: until 2.52 the path says what to do, and the body with whom.
pub(crate) async fn act(call: Call) -> Result<Reply> {
    call.authorize()?;
    let (update, shown) = action(&call)?;
    let text = |key: &str| call.body.get(key).map(loose::text).unwrap_or_default();
    let (host, binary) = (text("host"), text("binary"));
    let mut answer =
        Map::from_iter([("host".to_owned(), json!(host)), ("binary".to_owned(), json!(binary))]);
    answer.extend(shown);
    call.platform
        .store
        .write("services:act", move |tx| logic::update_named(tx, &host, &binary, &update))
        .await?;
    Ok(Reply::json(json!({"service": answer})))
}

/// `DELETE /os-services/{service_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    call.authorize()?;
    let (id, by_uuid) = (call.param("service_id").to_owned(), call.version >= SERVICE_UUID);
    call.platform.store.write("services:delete", move |tx| logic::delete(tx, &id, by_uuid)).await?;
    Ok(Reply::empty())
}

/// What an action changes, and what its answer shows.
fn action(call: &Call) -> Result<(Update, Map<String, Value>)> {
    let status = |disabled: bool, reason: Option<String>| {
        let word = if disabled { "disabled" } else { "enabled" };
        let mut shown = Map::from_iter([("status".to_owned(), json!(word))]);
        shown.extend(reason.iter().map(|reason| ("disabled_reason".to_owned(), json!(reason))));
        let update =
            Update { disabled: Some(disabled), disabled_reason: reason, ..Update::default() };
        (update, shown)
    };
    match call.param("service_id") {
        "enable" => Ok(status(false, None)),
        "disable" => Ok(status(true, None)),
        "disable-log-reason" => {
            let missing = || Error::bad_request("Missing disabled reason field");
            Ok(status(true, Some(reason(&call.body).ok_or_else(missing)?)))
        }
        "force-down" if call.version >= FORCED_DOWN => {
            let missing = || Error::bad_request("Missing forced_down field");
            let down = forced_down(&call.body).ok_or_else(missing)?;
            let update = Update { forced_down: Some(down), ..Update::default() };
            Ok((update, Map::from_iter([("forced_down".to_owned(), json!(down))])))
        }
        _ => Err(Error::not_found("Unknown action")),
    }
}

fn reason(body: &Value) -> Option<String> {
    body.get("disabled_reason").and_then(Value::as_str).map(str::to_owned)
}

fn forced_down(body: &Value) -> Option<bool> {
    body.get("forced_down").and_then(|value| loose::boolean(&loose::text(value)))
}
