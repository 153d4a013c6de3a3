//! `/credentials`: calls become logic, rows become answers.

use std::sync::Arc;

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::{CredentialId, UserId};
use kit::policy::{Scope, Target};
use kit::secret::Secret;
use serde_json::{Value, json};

use super::model::{Credential, target_of};
use super::vault::Vault;
use super::{logic, store, view};
use crate::record::attributes;
use crate::tokens::api::{is_primary, require_primary};
use crate::view::collection;
use crate::{access, changes, policy};

/// `GET /credentials`: of all of them those that the caller might show one by one.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let caller = call.caller()?;
    let target = match &caller.scope {
        Scope::System => Target::none(),
        Scope::Project(..) | Scope::Domain(_) | Scope::Unscoped => target_of(&caller.user_id),
    };
    call.authorize_on(&target)?;
    let mut found = Vec::new();
    if is_primary(&call).await? {
        let vault = vault(&call)?;
        found = call.platform.store.read(move |db| store::list(db, &vault)).await?;
    }
    found.retain(|credential| call.allows(&policy::GET_CREDENTIAL, &credential.target()));
    let rows = found.iter().map(|credential| view::credential(&call, credential)).collect();
    collection(&call, "credentials", rows, &["user_id", "type"])
}

/// `GET /credentials/{credential_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let credential = find(&call).await?;
    Ok(shown(&call, &credential))
}

/// `POST /credentials`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let given = attributes(&call.body, "credential");
    let user = given.get("user_id").and_then(Value::as_str).unwrap_or_default();
    call.authorize_on(&target_of(&UserId::from(user)))?;
    require_primary(&call).await?;
    let (credential, vault) = (logic::new(given)?, vault(&call)?);
    let credential = changes::commit(&call.platform, "credentials:create", move |tx| {
        logic::create(tx, &vault, &credential)?;
        Ok(credential)
    })
    .await?;
    Ok(shown(&call, &credential))
}

/// `PATCH /credentials/{credential_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let old = find(&call).await?;
    let blob = call.wrapped_text("credential", "blob").map(Secret::new);
    let (blob, vault) = (blob.unwrap_or_else(|| old.blob.clone()), vault(&call)?);
    let new = changes::commit(&call.platform, "credentials:update", move |tx| {
        logic::update(tx, &vault, old, blob)
    })
    .await?;
    Ok(shown(&call, &new))
}

/// `DELETE /credentials/{credential_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let id = find(&call).await?.id;
    changes::commit(&call.platform, "credentials:delete", move |tx| store::delete(tx, &id)).await?;
    Ok(Reply::empty())
}

/// The credential of the path.
async fn find(call: &Call) -> Result<Credential> {
    let id = CredentialId::from(call.param("credential_id"));
    let (wanted, vault) = (id.clone(), vault(call)?);
    let found = call.platform.store.read(move |db| store::get(db, &vault, &wanted)).await?;
    let credential = access::open(call, found, || logic::not_found(&id))?;
    require_primary(call).await?;
    Ok(credential)
}

/// What seals them.
pub(crate) fn vault(call: &Call) -> Result<Arc<Vault>> {
    call.platform.extension::<Vault>()
}

fn shown(call: &Call, credential: &Credential) -> Reply {
    Reply::json(json!({"credential": view::credential(call, credential)}))
}
