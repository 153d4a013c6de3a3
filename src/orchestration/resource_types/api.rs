//! `/resource_types`.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};

use super::logic::{self, Filter};
use super::skeleton::{self, Language};
use super::view;
use crate::resources::{Plugin, permits};
use crate::stacks::request::truth;

/// `GET /resource_types`: the names; `name` is a pattern that they begin with.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let filter = Filter {
        name: call.query("name"),
        standing: call.query("support_status"),
        version: call.query("version"),
    };
    let described = with_description(&call)?;
    let caller = call.caller()?;
    let mut plugins = logic::list(&filter)?;
    plugins.retain(|plugin| permits::check(&call.platform.policy, caller, plugin.name()).is_ok());
    Ok(Reply::json(view::list(&plugins, described)))
}

/// `GET /resource_types/{type_name}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    call.authorize()?;
    let plugin = find(&call)?;
    Ok(Reply::json(view::detail(plugin, with_description(&call)?)))
}

/// `GET /resource_types/{type_name}/template`.
pub(crate) async fn template(call: Call) -> Result<Reply> {
    call.authorize()?;
    let language = match call.query("template_type") {
        None => Language::Cfn,
        Some(word) => Language::named(word).ok_or_else(|| {
            Error::bad_request(format!(
                "Template type is not supported: Invalid template type \"{word}\", valid types \
                 are: cfn, hot."
            ))
        })?,
    };
    let plugin = find(&call)?;
    Ok(Reply::json(skeleton::template(plugin, language)))
}

/// The type of the path, if the caller may use it.
fn find(call: &Call) -> Result<&'static dyn Plugin> {
    let name = call.param("type_name");
    permits::check(&call.platform.policy, call.caller()?, name)?;
    logic::find(name)
}

fn with_description(call: &Call) -> Result<bool> {
    let name = "with_description";
    call.query(name).map_or(Ok(false), |word| truth(word, name))
}
