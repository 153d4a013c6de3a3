//! `/domains`: calls become logic, rows become answers.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::ids::{DomainId, ProjectId};
use serde_json::{Value, json};

use super::view;
use crate::projects::logic;
use crate::projects::model::Project;
use crate::projects::store;
use crate::record::attributes;
use crate::sentences::not_found;
use crate::view::collection;
use crate::{access, changes};

/// `GET /domains`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    access::authorize_list(&call, "target.domain.id")?;
    let domains = call.platform.store.read(|db| store::list(db, true)).await?;
    let own = access::own_domain(&call);
    let visible = domains
        .iter()
        .filter(|domain| own.as_ref().is_none_or(|own| domain.as_domain_id() == *own));
    let rows = visible.map(|domain| view::domain(&call, domain)).collect();
    collection(&call, "domains", rows, &["name", "enabled"])
}

/// `GET /domains/{domain_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let domain = find(&call).await?;
    Ok(Reply::json(json!({"domain": view::domain(&call, &domain)})))
}

/// `POST /domains`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize()?;
    let mut given = attributes(&call.body, "domain");
    let explicit = given.shift_remove("explicit_domain_id");
    for fixed in ["domain_id", "parent_id"] {
        given.shift_remove(fixed);
    }
    given.insert("is_domain".to_owned(), Value::Bool(true));
    let mut domain = logic::new(given, access::domain_for_new(&call))?;
    if let Some(id) = explicit.as_ref().and_then(Value::as_str) {
        domain.id = explicit_id(id)?;
    }
    let written = domain.clone();
    changes::commit(&call.platform, "domains:create", move |tx| logic::create(tx, &written))
        .await?;
    Ok(Reply::json(json!({"domain": view::domain(&call, &domain)})))
}

/// `PATCH /domains/{domain_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let id = find(&call).await?.id;
    let given = attributes(&call.body, "domain");
    let (now, settings) = (call.platform.clock.now(), call.platform.settings.clone());
    let domain = changes::commit(&call.platform, "domains:update", move |tx| {
        logic::update(tx, &id, given, &settings, now)
    })
    .await?;
    Ok(Reply::json(json!({"domain": view::domain(&call, &domain)})))
}

/// `DELETE /domains/{domain_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let id = find(&call).await?.id;
    let (now, settings) = (call.platform.clock.now(), call.platform.settings.clone());
    changes::commit(&call.platform, "domains:delete", move |tx| {
        logic::delete(tx, &id, &settings, now)
    })
    .await?;
    Ok(Reply::empty())
}

/// The domain of the path, opened with the operation's rule.
async fn find(call: &Call) -> Result<Project> {
    let id = DomainId::from(call.param("domain_id"));
    let wanted = id.clone();
    let found = call.platform.store.read(move |db| store::get_domain(db, &wanted)).await?;
    access::open(call, found, || not_found("domain", &id))
}

/// Only an id that looks like Keystone's own may be chosen.
fn explicit_id(id: &str) -> Result<ProjectId> {
    let hex = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex {
        return Ok(ProjectId::from(id));
    }
    Err(Error::bad_request("Domain ID does not conform to required UUID format."))
}
