//! `/images/{image_id}/members`: calls become logic, rows become answers.

use std::sync::Arc;

use kit::error::{Error, Result};
use kit::http::{Call, Cx, Reply};
use kit::ids::ProjectId;
use serde_json::{Value, json};

use super::logic;
use super::model::Member;
use super::view::MEMBER;
use crate::access::{self, image_id};

/// `GET …/members`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let id = image_id(&call);
    let members = access::read(&call, move |db, asker| logic::list(db, asker, &id)).await?;
    let cx = Cx::new(&call);
    let shown: Vec<Value> = members.iter().map(|member| MEMBER.render(member, &cx)).collect();
    Ok(Reply::json(json!({"members": shown, "schema": "/v2/schemas/members"})))
}

/// `POST …/members`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let member = from_body(&call.body)?;
    let (id, platform) = (image_id(&call), Arc::clone(&call.platform));
    let member = access::write(&call, move |tx, asker, now| {
        logic::create(tx, asker, &platform.settings.image, &id, member, now)
    })
    .await?;
    Ok(reply(&call, &member))
}

/// `GET …/members/{member_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let (id, member) = (image_id(&call), member_id(&call));
    let found = access::read(&call, move |db, asker| logic::show(db, asker, &id, &member)).await?;
    Ok(reply(&call, &found))
}

/// `PUT …/members/{member_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let (id, member) = (image_id(&call), member_id(&call));
    let status = status(&call.body)?;
    let updated = access::write(&call, move |tx, asker, now| {
        logic::update(tx, asker, &id, &member, &status, now)
    })
    .await?;
    Ok(reply(&call, &updated))
}

/// `DELETE …/members/{member_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let (id, member) = (image_id(&call), member_id(&call));
    access::write(&call, move |tx, asker, _| logic::delete(tx, asker, &id, &member)).await?;
    Ok(Reply::empty())
}

fn member_id(call: &Call) -> ProjectId {
    ProjectId::from(call.param("member_id"))
}

fn reply(call: &Call, member: &Member) -> Reply {
    Reply::json(MEMBER.render(member, &Cx::new(call)))
}

fn bad<T>(sentence: &str) -> Result<T> {
    Err(Error::bad_request(sentence))
}

fn from_body(body: &Value) -> Result<ProjectId> {
    match body {
        Value::Null => bad("Body expected in request."),
        Value::Object(members) => match members.get("member") {
            None => bad("Member to be added not specified"),
            Some(member) => match member.as_str().filter(|id| !id.is_empty()) {
                None => bad("Member can't be empty"),
                Some(id) => Ok(ProjectId::from(id)),
            },
        },
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            bad("Expected a member in the form: {\"member\": \"image_id\"}")
        }
    }
}

fn status(body: &Value) -> Result<Value> {
    match body {
        Value::Null => bad("Body expected in request."),
        Value::Object(members) => match members.get("status") {
            None => bad("Status not specified"),
            Some(status) => Ok(status.clone()),
        },
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            bad("Expected a status in the form: {\"status\": \"status\"}")
        }
    }
}
