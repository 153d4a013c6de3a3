//! `/template_versions`.

use kit::Result;
use kit::error::Error;
use kit::http::{Call, Reply};
use serde_json::{Value, json};

use crate::template::{VERSIONS, Version, functions};

/// `GET /template_versions`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let row = |version: &Version| {
        let kind = if version.edition.is_hot() { "hot" } else { "cfn" };
        let alias = version.alias.map(|alias| format!("{}.{alias}", version.key));
        let aliases: Vec<String> = alias.into_iter().collect();
        json!({"version": version.name(), "type": kind, "aliases": aliases})
    };
    let rows: Vec<Value> = VERSIONS.iter().map(row).collect();
    Ok(Reply::json(json!({"template_versions": rows})))
}

/// `GET /template_versions/{template_version}/functions`.
pub(crate) async fn functions_of(call: Call) -> Result<Reply> {
    call.authorize()?;
    let with_conditions = call.query("with_condition_func").unwrap_or("false");
    let with_conditions = match with_conditions.to_lowercase().as_str() {
        "true" => true,
        "false" => false,
        _ => {
            let sentence = format!(
                "Unrecognized value \"{with_conditions}\" for \"with_condition_func\", acceptable \
                 values are: true, false."
            );
            return Err(Error::bad_request(sentence));
        }
    };
    // Heat never fills in the name.
    let unknown = || Error::not_found("Template with version {} not found").tag("NotFound");
    let version = Version::named(call.param("template_version")).ok_or_else(unknown)?;
    let row = |(name, description)| json!({"functions": name, "description": description});
    let rows = functions(version.edition, with_conditions).into_iter().map(row);
    Ok(Reply::json(json!({"template_functions": rows.collect::<Vec<Value>>()})))
}
