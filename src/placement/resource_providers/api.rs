//! `/resource_providers`.

use std::sync::Arc;

use kit::error::{Error, Result};
use kit::http::{Call, Cx, Reply};
use kit::policy::Target;
use serde_json::{Value, json};

use super::view::PROVIDER;
use crate::filters::Filter;
use crate::model::Provider;

/// `GET /resource_providers`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let all = all(&call).await?;
    let filter = filter(&call)?;
    let cx = Cx::new(&call);
    let shown = all.iter().filter(|provider| filter.admits(provider));
    let rows: Vec<Value> = shown.map(|provider| PROVIDER.render(provider, &cx)).collect();
    Ok(Reply::json(json!({"resource_providers": rows})))
}

/// `GET /resource_providers/{uuid}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let provider = find(&call).await?;
    Ok(Reply::json(PROVIDER.render(&provider, &Cx::new(&call))))
}

/// What the query asks of providers.
fn filter(call: &Call) -> Result<Filter> {
    let text = |name: &str| call.query(name).map(str::to_owned);
    let mut filter = Filter { name: text("name"), ..Filter::default() };
    // A tree is its only provider.
    filter.uuid = text("uuid").or_else(|| text("in_tree"));
    placed(call, filter)
}

/// The parts that allocation candidates ask for, too.
pub(crate) fn placed(call: &Call, mut filter: Filter) -> Result<Filter> {
    if let Some(text) = call.query("resources") {
        filter = filter.with_resources(text)?;
    }
    for text in call.query_all("required") {
        filter = filter.with_required(text)?;
    }
    for text in call.query_all("member_of") {
        filter = filter.with_member_of(text);
    }
    Ok(filter)
}

/// Every provider, for whoever may ask.
pub(crate) async fn all(call: &Call) -> Result<Vec<Provider>> {
    call.authorize_on(&Target::none())?;
    let platform = Arc::clone(&call.platform);
    let read = move |db: &_| compute::facade::capacities(db, &platform.settings);
    let hosts = call.platform.store.read(read).await?;
    Ok(hosts.into_iter().map(Provider::from).collect())
}

/// The provider of the path.
pub(crate) async fn find(call: &Call) -> Result<Provider> {
    let uuid = call.param("uuid");
    let missing = || Error::not_found(format!("No resource provider with uuid {uuid} found"));
    let found = all(call).await?.into_iter().find(|provider| provider.uuid == uuid);
    found.ok_or_else(missing)
}
