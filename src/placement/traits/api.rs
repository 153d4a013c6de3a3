//! `/traits`, and `/resource_providers/{uuid}/traits`.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::policy::Target;
use serde_json::json;

use crate::model::{Provider, TRAITS};
use crate::resource_providers::api::{all, find};

/// `GET /resource_providers/{uuid}/traits`.
pub(crate) async fn of_provider(call: Call) -> Result<Reply> {
    let Provider { traits, generation, .. } = find(&call).await?;
    Ok(Reply::json(json!({"traits": traits, "resource_provider_generation": generation})))
}

/// `GET /traits`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let providers = all(&call).await?;
    let is_somewhere = |name: &str| providers.iter().any(|own| own.traits.contains(&name));
    let associated = call.query("associated").map(|text| text.eq_ignore_ascii_case("true"));
    let mut shown = TRAITS.to_vec();
    shown.retain(|name| associated.is_none_or(|wanted| wanted == is_somewhere(name)));
    if let Some(name) = call.query("name") {
        match name.split_once(':') {
            Some(("in", names)) => shown.retain(|own| names.split(',').any(|name| name == *own)),
            Some(("startswith", prefix)) => shown.retain(|own| own.starts_with(prefix)),
            Some(_) => {}
            None => return Err(malformed(name)),
        }
    }
    Ok(Reply::json(json!({"traits": shown})))
}

/// `GET /traits/{name}`: it is there, or it is not.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    call.authorize_on(&Target::none())?;
    let name = call.param("name");
    if TRAITS.contains(&name) {
        return Ok(Reply::empty());
    }
    Err(Error::not_found(format!("No such trait(s): {name}.")))
}

fn malformed(name: &str) -> Error {
    Error::bad_request(format!(
        "Badly formatted name parameter. Expected name query string parameter in form: \
         ?name=[in|startswith]:[name1,name2|prefix]. Got: \"{name}\""
    ))
}
