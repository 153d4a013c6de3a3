//! `/users/{user_id}/credentials/OS-EC2`: calls become logic, rows become answers.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::{ProjectId, UserId};
use rusqlite::Connection;
use serde_json::json;

use super::logic::{self, KeyPair};
use super::view;
use crate::access::path_target;
use crate::credentials::api::vault;
use crate::credentials::model::{Credential, EC2, target_of};
use crate::credentials::{logic as credentials, store};
use crate::sentences::unauthorized;
use crate::tokens::api::require_primary;
use crate::view::collection;
use crate::{changes, projects, users};

/// `GET …/OS-EC2`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize_on(&path_target(&call))?;
    require_primary(&call).await?;
    let (user, vault) = (user(&call), vault(&call)?);
    let read = move |db: &Connection| {
        check_user(db, &user)?;
        let found = store::list_of_user(db, &vault, &user, EC2)?;
        found.iter().map(KeyPair::of).collect::<Result<Vec<_>>>()
    };
    let found = call.platform.store.read(read).await?;
    let rows = found.iter().map(|pair| view::credential(&call, pair)).collect();
    collection(&call, "credentials", rows, &[])
}

/// `POST …/OS-EC2`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let (user, vault) = (user(&call), vault(&call)?);
    call.authorize_on(&target_of(&user))?;
    let project = ProjectId::from(call.body.get("tenant_id").map_or_else(
        || "None".to_owned(),
        |id| id.as_str().map_or_else(|| id.to_string(), str::to_owned),
    ));
    let (owner, place) = (user.clone(), project.clone());
    let check = move |db: &Connection| {
        check_user(db, &owner)?;
        let found = projects::store::get_for_system(db, &place)?;
        found.map(|_| ()).ok_or_else(|| projects::logic::not_found(&place))
    };
    call.platform.store.read(check).await?;
    require_primary(&call).await?;
    let pair = changes::commit(&call.platform, "ec2_credentials:create", move |tx| {
        logic::create(tx, &vault, &user, &project)
    })
    .await?;
    Ok(Reply::json(json!({"credential": view::credential(&call, &pair)})))
}

/// `GET …/OS-EC2/{credential_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let pair = KeyPair::of(&find(&call).await?)?;
    Ok(Reply::json(json!({"credential": view::credential(&call, &pair)})))
}

/// `DELETE …/OS-EC2/{credential_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let id = find(&call).await?.id;
    changes::commit(&call.platform, "ec2_credentials:delete", move |tx| store::delete(tx, &id))
        .await?;
    Ok(Reply::empty())
}

/// The credential with the access key of the path. Keystone looks for it before it asks policy,
/// about the credential's user and not the one of the path.
async fn find(call: &Call) -> Result<Credential> {
    call.caller()?;
    let id = credentials::id_of_access(call.param("credential_id"));
    let (wanted, vault) = (id.clone(), vault(call)?);
    let found = call.platform.store.read(move |db| store::get(db, &vault, &wanted)).await?;
    let credential = call.open(found.ok_or_else(|| credentials::not_found(&id))?)?;
    let user = user(call);
    call.platform.store.read(move |db| check_user(db, &user)).await?;
    if credential.kind != EC2 {
        return Err(unauthorized("EC2 access key not found."));
    }
    require_primary(call).await?;
    Ok(credential)
}

fn user(call: &Call) -> UserId {
    UserId::from(call.param("user_id"))
}

fn check_user(db: &Connection, id: &UserId) -> Result<()> {
    let found = users::store::get_for_system(db, id)?;
    found.map(|_| ()).ok_or_else(|| users::logic::not_found(id))
}
