//! `/users`: calls become logic, rows become answers.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::ids::UserId;
use kit::policy::Target;
use kit::secret::Secret;
use serde_json::{Value, json};

use super::model::User;
use super::{logic, store, view};
use crate::passwords::Hasher;
use crate::record::{Attributes, attributes};
use crate::view::collection;
use crate::{access, assignments, changes, projects, sentences};

const FILTERS: &[&str] = &["domain_id", "enabled", "name"];

/// `GET /users`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    access::authorize_list(&call, "target.domain_id")?;
    let users = call.platform.store.read(store::list).await?;
    let domain = access::own_domain(&call);
    let visible =
        users.iter().filter(|user| domain.as_ref().is_none_or(|own| user.domain_id == *own));
    let rows = visible.map(|user| view::user(&call, user)).collect();
    collection(&call, "users", rows, FILTERS)
}

/// `GET /users/{user_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let user = find(&call).await?;
    Ok(Reply::json(json!({"user": view::user(&call, &user)})))
}

/// `POST /users`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let mut given = attributes(&call.body, "user");
    call.authorize_on(&target_of_new(&given))?;
    let hash = hash_of(&call, &mut given).await?.flatten();
    let user = logic::new(given, access::domain_for_new(&call))?;
    let written = user.clone();
    changes::commit(&call.platform, "users:create", move |tx| {
        logic::create(tx, &written, hash.as_deref())
    })
    .await?;
    Ok(Reply::json(json!({"user": view::user(&call, &user)})))
}

/// `PATCH /users/{user_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let id = find(&call).await?.id;
    let mut given = attributes(&call.body, "user");
    let hash = hash_of(&call, &mut given).await?;
    let (now, settings) = (call.platform.clock.now(), call.platform.settings.clone());
    let user = changes::commit(&call.platform, "users:update", move |tx| {
        let user = logic::update(tx, &id, given, &settings, now)?;
        if let Some(hash) = hash {
            logic::set_password(tx, &id, hash.as_deref(), &settings, now)?;
        }
        Ok(user)
    })
    .await?;
    Ok(Reply::json(json!({"user": view::updated(&call, &user)})))
}

/// `DELETE /users/{user_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let id = find(&call).await?.id;
    let (now, settings) = (call.platform.clock.now(), call.platform.settings.clone());
    changes::commit(&call.platform, "users:delete", move |tx| {
        logic::delete(tx, &id, &settings, now)
    })
    .await?;
    Ok(Reply::empty())
}

/// `POST /users/{user_id}/password`. Needs no token: the old password says who it is.
pub(crate) async fn change_password(call: Call) -> Result<Reply> {
    let given = attributes(&call.body, "user");
    let text = |name: &str| given.get(name).and_then(Value::as_str).map(Secret::new);
    let missing = |name: &str| sentences::expecting(name, "user");
    let old = text("original_password").ok_or_else(|| missing("original_password"))?;
    let new = text("password").ok_or_else(|| missing("password"))?;
    let id = UserId::from(call.param("user_id"));
    let wanted = id.clone();
    let hash = call.platform.store.read(move |db| logic::login_hash(db, &wanted)).await?;
    let hasher = call.platform.extension::<Hasher>()?;
    if !hasher.verify(old, hash).await? {
        return Err(sentences::unauthorized("the original password is wrong"));
    }
    let hash = hasher.hash(new).await?;
    let (now, settings) = (call.platform.clock.now(), call.platform.settings.clone());
    changes::commit(&call.platform, "users:change_password", move |tx| {
        logic::set_password(tx, &id, Some(&hash), &settings, now)
    })
    .await?;
    Ok(Reply::empty())
}

/// `GET /users/{user_id}/projects`.
pub(crate) async fn projects(call: Call) -> Result<Reply> {
    let id = find(&call).await?.id;
    let found =
        call.platform.store.read(move |db| assignments::logic::projects_of(db, &id)).await?;
    let rows = found.iter().map(|project| projects::view::project(&call, project)).collect();
    collection(&call, "projects", rows, &["domain_id", "enabled", "name"])
}

/// The user of the path, opened with the operation's rule.
async fn find(call: &Call) -> Result<User> {
    let id = UserId::from(call.param("user_id"));
    let wanted = id.clone();
    let found = call.platform.store.read(move |db| store::get(db, &wanted)).await?;
    access::open(call, found, || logic::not_found(&id))
}

/// Keystone asks policy about the body as it came, before the default domain is filled in.
fn target_of_new(given: &Attributes) -> Target {
    match given.get("domain_id").and_then(Value::as_str) {
        Some(domain) => Target::none().with("target.user.domain_id", domain),
        None => Target::none(),
    }
}

/// Takes the password out of the body: nothing said, taken away, or a new one's hash.
async fn hash_of(call: &Call, given: &mut Attributes) -> Result<Option<Option<String>>> {
    match given.remove("password") {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(None)),
        Some(Value::String(password)) => {
            let hasher = call.platform.extension::<Hasher>()?;
            Ok(Some(Some(hasher.hash(Secret::new(password)).await?)))
        }
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(Error::bad_request("Password validation error: password must be string type."))
        }
    }
}
