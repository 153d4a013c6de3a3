//! `/os-keypairs`: calls become logic, rows become answers.

use std::sync::Arc;

use kit::error::{Error, Result};
use kit::http::{Call, Cx, Page, Reply};
use kit::ids::UserId;
use kit::policy::Target;
use kit::tasks;
use serde_json::{Map, Value, json};

use super::model::{KeyType, Keypair, Query};
use super::{keys, logic, store, view};
use crate::microversions::{KEYPAIR_PAGES, KEYPAIRS_OF_OTHERS};

/// `GET /os-keypairs`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let user = user_of_query(&call)?;
    let page = page(&call)?;
    let query = Query { user, limit: page.limit, marker: page.marker.clone() };
    let unknown = Error::bad_request(format!(
        "Marker {} could not be found.",
        page.marker.clone().unwrap_or_default()
    ));
    let keypairs =
        call.platform.store.read(move |db| store::list(db, &query)).await?.ok_or(unknown)?;
    let cx = Cx::new(&call);
    let rows: Vec<Value> =
        keypairs.iter().map(|row| json!({"keypair": view::SUMMARY.render(row, &cx)})).collect();
    let mut body = Map::from_iter([("keypairs".to_owned(), Value::Array(rows))]);
    let last = keypairs.last().map(|keypair| keypair.name.as_str());
    if let Some(next) = page.next(&call, "/os-keypairs", keypairs.len(), last) {
        body.insert("keypairs_links".to_owned(), json!([{"rel": "next", "href": next}]));
    }
    Ok(Reply::json(Value::Object(body)))
}

/// `GET /os-keypairs/{keypair_name}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let user = user_of_query(&call)?;
    let name = call.param("keypair_name").to_owned();
    let missing = logic::not_found(&user, &name);
    let found = call.platform.store.read(move |db| store::get(db, &user, &name)).await?;
    let keypair = call.open(found.ok_or(missing)?)?;
    Ok(Reply::json(json!({"keypair": view::DETAIL.render(&keypair, &Cx::new(&call))})))
}

/// `POST /os-keypairs`: imports `public_key`, or makes a pair where there is none.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let body = call.wrapped("keypair");
    let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    let user = authorized_user(&call, text("user_id"))?;
    let key_type = text("type").and_then(|kind| KeyType::parse(&kind)).unwrap_or(KeyType::Ssh);
    let (public_key, private_key) = if let Some(public_key) = text("public_key") {
        (public_key, None)
    } else {
        let (owner, now) = (user.clone(), call.platform.clock.now());
        let pair = tasks::blocking(move || keys::generate(key_type, &owner, now)).await?;
        (pair.public_key, Some(pair.private_key))
    };
    let keypair = Keypair {
        row: 0,
        fingerprint: logic::fingerprint(key_type, &public_key)?,
        user,
        name: text("name").unwrap_or_default().trim().to_owned(),
        key_type,
        public_key,
        created_at: call.platform.clock.now(),
    };
    write(&call, keypair.clone()).await?;
    let mut shown = view::CREATED.render(&keypair, &Cx::new(&call));
    if let (Some(private_key), Value::Object(fields)) = (private_key, &mut shown) {
        fields.insert("private_key".to_owned(), json!(private_key.expose()));
    }
    Ok(Reply::json(json!({"keypair": shown})))
}

/// `DELETE /os-keypairs/{keypair_name}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let user = user_of_query(&call)?;
    let name = call.param("keypair_name").to_owned();
    call.platform.store.write("keypairs:delete", move |tx| logic::delete(tx, &user, &name)).await?;
    Ok(Reply::empty())
}

async fn write(call: &Call, keypair: Keypair) -> Result<()> {
    let project = call.caller()?.require_project()?.clone();
    let platform = Arc::clone(&call.platform);
    call.platform
        .store
        .write("keypairs:create", move |tx| logic::create(tx, &platform.quotas, &project, &keypair))
        .await
}

/// The user of `?user_id`, where the version knows it.
fn user_of_query(call: &Call) -> Result<UserId> {
    let asked = call.query("user_id").filter(|_| call.version >= KEYPAIRS_OF_OTHERS);
    authorized_user(call, asked.map(str::to_owned))
}

/// The user asked for, else the caller; refuses before anything is looked up, as Nova does.
fn authorized_user(call: &Call, asked: Option<String>) -> Result<UserId> {
    let user =
        asked.map_or_else(|| call.caller().map(|own| own.user_id.clone()), |id| Ok(id.into()))?;
    call.authorize_on(&Target::none().with("user_id", &user))?;
    Ok(user)
}

/// Older versions list everything.
fn page(call: &Call) -> Result<Page> {
    if call.version >= KEYPAIR_PAGES {
        return Page::from(call, call.platform.settings.compute.max_limit);
    }
    Ok(Page { limit: -1, marker: None })
}
