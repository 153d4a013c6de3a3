//! `/users/{user_id}/application_credentials`: calls become logic, rows become answers.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::{ApplicationCredentialId, UserId};
use kit::policy::Target;
use kit::secret::Secret;
use serde_json::{Value, json};

use super::model::ApplicationCredential;
use super::{logic, store, view};
use crate::access::path_target;
use crate::changes;
use crate::passwords::Hasher;
use crate::record::attributes;
use crate::sentences::{forbidden, forbidden_action};
use crate::tokens::api::is_primary;
use crate::view::collection;

/// Letters and digits of a secret that nobody chose.
const SECRET_LENGTH: usize = 86;

/// `GET …/application_credentials`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize_on(&path_target(&call))?;
    refuse_delegates(&call).await?;
    let user = UserId::from(call.param("user_id"));
    let found = call.platform.store.read(move |db| logic::list(db, &user)).await?;
    let rows = found.iter().map(|(one, roles)| view::credential(&call, one, roles, None)).collect();
    collection(&call, "application_credentials", rows, &["name"])
}

/// `GET …/application_credentials/{application_credential_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let credential = find(&call).await?;
    let (credential, roles) =
        call.platform.store.read(move |db| logic::with_roles(db, credential)).await?;
    let shown = view::credential(&call, &credential, &roles, None);
    Ok(Reply::json(json!({"application_credential": shown})))
}

/// `POST …/application_credentials`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize_on(&path_target(&call))?;
    refuse_delegates(&call).await?;
    let caller = call.caller()?.clone();
    if caller.user_id.as_str() != call.param("user_id") {
        return Err(forbidden_action("Cannot create an application credential for another user."));
    }
    let given = attributes(&call.body, "application_credential");
    let chosen = given.get("secret").and_then(Value::as_str).filter(|text| !text.is_empty());
    let secret = chosen.map_or_else(|| Secret::random(SECRET_LENGTH), Secret::new);
    let hash = call.platform.extension::<Hasher>()?.hash(secret.clone()).await?;
    let now = call.platform.clock.now();
    let (credential, roles) =
        changes::commit(&call.platform, "application_credentials:create", move |tx| {
            logic::check_unrestricted(tx, &caller)?;
            let credential = logic::new(tx, &given, &caller, now)?;
            logic::create(tx, &credential, &hash)?;
            logic::with_roles(tx, credential)
        })
        .await?;
    let shown = view::credential(&call, &credential, &roles, Some(secret.expose()));
    Ok(Reply::json(json!({"application_credential": shown})))
}

/// `DELETE …/application_credentials/{application_credential_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let id = find(&call).await?.id;
    let caller = call.caller()?.clone();
    changes::commit(&call.platform, "application_credentials:delete", move |tx| {
        logic::check_unrestricted(tx, &caller)?;
        logic::delete(tx, &id)
    })
    .await?;
    Ok(Reply::empty())
}

/// The credential of the path. Its owner counts, not the user that the path names: otherwise
/// everybody could show the ones of others under their own name.
async fn find(call: &Call) -> Result<ApplicationCredential> {
    let id = ApplicationCredentialId::from(call.param("application_credential_id"));
    let wanted = id.clone();
    let found = call.platform.store.read(move |db| store::get(db, &wanted)).await?;
    let target = match &found {
        Some(credential) => Target::none().with("user_id", &credential.user_id),
        None => path_target(call),
    };
    call.authorize_on(&target)?;
    refuse_delegates(call).await?;
    found.ok_or_else(|| logic::not_found(&id))
}

/// What was made with a token that stands for less than its user would outlive it. Tokens of
/// credentials of this kind are looked at on their own.
async fn refuse_delegates(call: &Call) -> Result<()> {
    if call.caller()?.application_credential_id.is_some() || is_primary(call).await? {
        return Ok(());
    }
    Err(forbidden("application credentials cannot be managed by delegation"))
}
