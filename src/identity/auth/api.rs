//! `/auth/…`: calls become logic, rows become answers. Tokens themselves are in `tokens`.

use kit::error::Result;
use kit::http::{Call, Reply};
use serde_json::{Value, json};

use crate::assignments::logic as assignments;
use crate::assignments::model::Place;
use crate::catalog::address;
use crate::catalog::view::Catalogue;
use crate::sentences::forbidden;
use crate::view::{collection, own_url};
use crate::{domains, projects};

/// `GET /auth/catalog`.
pub(crate) async fn catalog(call: Call) -> Result<Reply> {
    call.authorize()?;
    let project = call.caller()?.project();
    let project = project.ok_or_else(|| forbidden("only a token of a project has a catalogue"))?;
    let catalogue = call.platform.store.read(Catalogue::read).await?;
    let base = address::base(&call.links, &call.platform.settings);
    let shown = catalogue.render(&base, Some(project.as_str()));
    Ok(Reply::json(json!({"catalog": shown, "links": {"self": own_url(&call)}})))
}

/// `GET /auth/projects`.
pub(crate) async fn projects(call: Call) -> Result<Reply> {
    call.authorize()?;
    let user = call.caller()?.user_id.clone();
    let found = call.platform.store.read(move |db| assignments::projects_of(db, &user)).await?;
    let rows = found.iter().map(|project| projects::view::project(&call, project)).collect();
    collection(&call, "projects", rows, &[])
}

/// `GET /auth/domains`.
pub(crate) async fn domains(call: Call) -> Result<Reply> {
    call.authorize()?;
    let user = call.caller()?.user_id.clone();
    let found = call.platform.store.read(move |db| assignments::domains_of(db, &user)).await?;
    let rows = found.iter().map(|domain| domains::view::domain(&call, domain)).collect();
    collection(&call, "domains", rows, &[])
}

/// `GET /auth/system`.
pub(crate) async fn system(call: Call) -> Result<Reply> {
    call.authorize()?;
    let user = call.caller()?.user_id.clone();
    let roles = call
        .platform
        .store
        .read(move |db| assignments::effective_roles(db, &user, &Place::System))
        .await?;
    let all: Vec<Value> = if roles.is_empty() { Vec::new() } else { vec![json!({"all": true})] };
    Ok(Reply::json(json!({"system": all, "links": {"self": own_url(&call)}})))
}
