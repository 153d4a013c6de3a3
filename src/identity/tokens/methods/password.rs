//! Method `password`.

use std::sync::Arc;

use kit::Platform;
use kit::error::Result;
use kit::secret::Secret;

use super::Proven;
use crate::passwords::Hasher;
use crate::sentences::unauthorized;
use crate::tokens::request::UserReference;
use crate::users;

/// The user, if the password is the user's. Costs the same time where there is no such user.
pub(super) async fn prove(
    platform: &Arc<Platform>,
    user: &UserReference,
    password: &Secret,
) -> Result<Proven> {
    let reference = user.clone();
    let found = platform
        .store
        .read(move |db| match users::logic::find_enabled(db, &reference)? {
            Some(user) => {
                Ok(Some((user.id.clone(), users::store::get_password_hash(db, &user.id)?)))
            }
            None => Ok(None),
        })
        .await?;
    let (id, hash) = found.map_or((None, None), |(id, hash)| (Some(id), hash));
    let matches = platform.extension::<Hasher>()?.verify(password.clone(), hash).await?;
    match id.filter(|_| matches) {
        Some(id) => Ok(Proven::by(id, "password")),
        None => Err(unauthorized("wrong user or password")),
    }
}
