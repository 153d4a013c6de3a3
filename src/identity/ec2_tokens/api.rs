//! `/ec2tokens`: calls become logic, tokens become answers.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use serde_json::Value;

use crate::sentences::unauthorized;
use crate::tokens::api::reply;
use crate::tokens::logic;
use crate::tokens::methods::ec2::SignedRequest;

/// By which names Keystone takes what is shown.
const NAMES: &[&str] = &["credentials", "credential", "ec2Credentials"];

/// `POST /ec2tokens`.
pub(crate) async fn issue(call: Call) -> Result<Reply> {
    call.authorize()?;
    let request = request(&call.body)?;
    let (text, token) = logic::issue_signed(&call.platform, request).await?;
    reply(&call, &text, &token).await
}

fn request(body: &Value) -> Result<SignedRequest> {
    if body.as_object().is_none_or(serde_json::Map::is_empty) {
        return Err(Error::bad_request("request must include a request body"));
    }
    let shown = NAMES.iter().filter_map(|name| body.get(name)).find(|shown| shown.is_object());
    let text = |name: &str| {
        let value = shown.and_then(|shown| shown.get(name));
        value.and_then(Value::as_str).map(str::to_owned)
    };
    let pairs = |name: &str| {
        let members = shown.and_then(|shown| shown.get(name)).and_then(Value::as_object);
        members.into_iter().flatten().map(|(name, value)| (name.clone(), as_text(value))).collect()
    };
    Ok(SignedRequest {
        access: text("access").ok_or_else(|| unauthorized("EC2 Signature not supplied"))?,
        signature: text("signature").unwrap_or_default(),
        verb: text("verb").unwrap_or_default(),
        host: text("host").unwrap_or_default(),
        path: text("path").unwrap_or_default(),
        params: pairs("params"),
        headers: pairs("headers"),
        body_hash: text("body_hash").unwrap_or_default(),
    })
}

/// As Python writes it.
fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
