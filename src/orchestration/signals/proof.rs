//! Proofs: what a guest shows to signal one resource. An HMAC with the installation's key over
//! purpose and resource, so nothing of it is kept.
//!
//! **Invariant:** a proof is compared in constant time, and reaches a client only through the
//! attributes of its resource.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use kit::error::{Error, Result};
use kit::secret::Secret;
use rusqlite::Connection;
use sha2::Sha256;

use super::store;
use crate::stack_resources::model::Resource;

/// What a proof is good for; one of another purpose proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The token of `TOKEN_SIGNAL`.
    Token,
    /// The signature of a URL of the `CloudFormation` API.
    Signature,
    /// The signature of a temporary URL.
    TemporaryUrl,
    /// The password of the resource's user.
    Password,
    /// That of the URL by which a guest reads what its metadata wants done.
    Init,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Signature => "signature",
            Self::TemporaryUrl => "temporary-url",
            Self::Password => "password",
            Self::Init => "init",
        }
    }
}

/// The proof for a resource. The random end of the resource's name is part of it, so that of a
/// replaced resource is worth nothing.
pub(crate) fn of(connection: &Connection, purpose: Purpose, resource: &Resource) -> Result<Secret> {
    let key = store::key(connection)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key)
        .map_err(|error| Error::internal(format!("the key of signals: {error}")))?;
    for part in [purpose.word(), resource.stack.as_str(), &resource.name, &resource.short_id] {
        mac.update(part.as_bytes());
        mac.update(b"\n");
    }
    let bytes = mac.finalize().into_bytes();
    Ok(Secret::new(match purpose {
        Purpose::Signature => STANDARD.encode(bytes),
        Purpose::Token | Purpose::TemporaryUrl | Purpose::Password | Purpose::Init => {
            hex::encode(bytes)
        }
    }))
}

/// Refuses what is not the proof for a resource.
pub(crate) fn check(
    connection: &Connection,
    purpose: Purpose,
    resource: &Resource,
    shown: &str,
) -> Result<()> {
    if of(connection, purpose, resource)?.matches(shown) {
        return Ok(());
    }
    Err(Error::forbidden("The signature of the request is not that of the resource."))
}

#[cfg(test)]
mod tests {
    use kit::clock::Time;
    use kit::ids::StackId;

    use super::*;

    #[test]
    fn a_proof_is_good_for_one_resource_and_one_purpose() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(include_str!("../migrations/0072_signals.sql")).unwrap();
        let resource = Resource::new(&StackId::from("s"), "handle", "T", Time(0));
        let token = of(&connection, Purpose::Token, &resource).unwrap();
        let good =
            |purpose, resource| check(&connection, purpose, resource, token.expose()).is_ok();
        assert!(good(Purpose::Token, &resource));
        assert!(!good(Purpose::TemporaryUrl, &resource));
        let replaced = Resource { short_id: "other".to_owned(), ..resource.clone() };
        assert!(!good(Purpose::Token, &replaced));
        assert!(check(&connection, Purpose::Token, &resource, "").is_err());
    }
}
