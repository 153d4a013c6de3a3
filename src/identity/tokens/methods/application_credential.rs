//! Method `application_credential`.

use std::sync::Arc;

use kit::Platform;
use kit::error::Result;
use kit::secret::Secret;
use rusqlite::Connection;

use super::Proven;
use crate::application_credentials::model::ApplicationCredential;
use crate::application_credentials::store;
use crate::passwords::Hasher;
use crate::sentences::unauthorized;
use crate::tokens::request::{CredentialReference, UserReference};
use crate::users;

/// The credential's user, if the secret is the credential's and it is not expired.
pub(super) async fn prove(
    platform: &Arc<Platform>,
    credential: &CredentialReference,
    secret: &Secret,
) -> Result<Proven> {
    let reference = credential.clone();
    let found = platform
        .store
        .read(move |db| match find(db, &reference)? {
            Some(found) => {
                let hash = store::get_secret_hash(db, &found.id)?;
                Ok(Some((found, hash)))
            }
            None => Ok(None),
        })
        .await?;
    let (found, hash) = found.map_or((None, None), |(found, hash)| (Some(found), hash));
    let matches = platform.extension::<Hasher>()?.verify(secret.clone(), hash).await?;
    let now = platform.clock.now();
    let found = found
        .filter(|found| matches && found.expires_at.is_none_or(|end| now < end))
        .ok_or_else(|| unauthorized("wrong or expired application credential"))?;
    Ok(Proven {
        expires_at: found.expires_at,
        application_credential: Some((found.id, found.project_id)),
        ..Proven::by(found.user_id, "application_credential")
    })
}

/// The credential of an enabled user.
fn find(db: &Connection, reference: &CredentialReference) -> Result<Option<ApplicationCredential>> {
    match reference {
        CredentialReference::Id(id) => {
            let Some(found) = store::get(db, id)? else {
                return Ok(None);
            };
            let user = UserReference::Id(found.user_id.clone());
            Ok(users::logic::find_enabled(db, &user)?.map(|_| found))
        }
        CredentialReference::Name(name, user) => match users::logic::find_enabled(db, user)? {
            Some(user) => store::get_by_name(db, name, &user.id),
            None => Ok(None),
        },
    }
}
