//! `/validate`.

use kit::Result;
use kit::error::Error;
use kit::http::{Call, Reply};
use serde_json::{Map, Value};

use super::logic::{Request, as_bad_request, validate as judge};
use super::view;

/// `POST /validate`.
pub(crate) async fn validate(call: Call) -> Result<Reply> {
    call.authorize()?;
    let verdict = judge(request(&call)?).map_err(as_bad_request)?;
    Ok(Reply::json(view::verdict(&verdict)))
}

fn request(call: &Call) -> Result<Request> {
    let body = &call.body;
    let ignored = call.query("ignore_errors").unwrap_or_default();
    let nested = call.query("show_nested").unwrap_or_default();
    let map = |key: &str| -> Map<String, Value> {
        body.get(key).and_then(Value::as_object).cloned().unwrap_or_default()
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let template = body.get("template").filter(|template| !template.is_null()).cloned();
    let names = body.get("environment_files").and_then(Value::as_array);
    Ok(Request {
        template: template.ok_or_else(|| Error::bad_request("No template specified"))?,
        environment: body.get("environment").filter(|given| !given.is_null()).cloned(),
        environment_files: names.into_iter().flatten().filter_map(text).collect(),
        parameters: map("parameters"),
        files: map("files")
            .into_iter()
            .filter_map(|(name, file)| Some((name, text(&file)?)))
            .collect(),
        show_nested: nested.eq_ignore_ascii_case("true"),
        ignored: ignored.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
    })
}
