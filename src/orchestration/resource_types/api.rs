//! `/resource_types`.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use regex::Regex;
use serde_json::json;

use super::view;
use crate::resources::{self, Plugin};

/// `GET /resource_types`: the names; `name` is a beginning, or a pattern that begins there.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let wanted = call.query("name").unwrap_or_default();
    let pattern = Regex::new(&format!("^(?:{wanted})")).ok();
    let matches = |plugin: &&'static dyn Plugin| {
        let name = plugin.name();
        name.starts_with(wanted) || pattern.as_ref().is_some_and(|pattern| pattern.is_match(name))
    };
    let names: Vec<&str> = resources::all().filter(matches).map(Plugin::name).collect();
    Ok(Reply::json(json!({"resource_types": names})))
}

/// `GET /resource_types/{type_name}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    call.authorize()?;
    let name = call.param("type_name");
    let plugin = resources::find(name).ok_or_else(|| {
        Error::not_found(format!("The Resource Type ({name}) could not be found."))
            .tag("EntityNotFound")
    })?;
    Ok(Reply::json(view::detail(plugin)))
}
