//! The token in a console's address: which server, until when, and a signature. PURE.
//!
//! ```text
//! SERVER.EXPIRES.NONCE.SIGNATURE      expires in Unix seconds; the signature is an HMAC in hexadecimal
//! ```
//!
//! So to promise a console writes nothing, and an attribute of a stack can do it.

use hmac::{Hmac, KeyInit, Mac};
use kit::clock::Time;
use kit::error::{Error, Result};
use kit::ids::ServerId;
use kit::secret::Secret;
use sha2::{Digest, Sha256};

/// Letters and digits that tell two tokens of a server apart.
const NONCE_LENGTH: usize = 16;

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Promise {
    pub(super) server: ServerId,
    pub(super) expires_at: Time,
}

impl Promise {
    /// A token that says it.
    pub(super) fn sign(&self, key: &[u8]) -> Result<Secret> {
        let nonce = Secret::random(NONCE_LENGTH);
        let (server, seconds) = (&self.server, self.expires_at.seconds());
        let said = format!("{server}.{seconds}.{}", nonce.expose());
        let signature = signature(key, &said)?;
        Ok(Secret::new(format!("{said}.{}", signature.expose())))
    }

    /// What the token says, if it was signed with this key and is not too old.
    pub(super) fn read(key: &[u8], token: &str, now: Time) -> Result<Option<Self>> {
        let Some((said, signed)) = token.rsplit_once('.') else { return Ok(None) };
        if !signature(key, said)?.matches(signed) {
            return Ok(None);
        }
        let mut parts = said.split('.');
        let (Some(server), Some(Ok(seconds))) = (parts.next(), parts.next().map(str::parse)) else {
            return Ok(None);
        };
        let expires_at = Time(0).plus_seconds(seconds);
        let promise = Self { server: ServerId::from(server), expires_at };
        Ok(Some(promise).filter(|promise| promise.expires_at > now))
    }
}

fn signature(key: &[u8], said: &str) -> Result<Secret> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key)
        .map_err(|error| Error::internal(format!("the key of consoles: {error}")))?;
    mac.update(said.as_bytes());
    Ok(Secret::new(hex::encode(mac.finalize().into_bytes())))
}

/// What is kept of a token that was used. As random as a key, so a plain digest is enough.
pub(super) fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_signed_and_is_young_enough_says_something() {
        let promise = Promise { server: ServerId::from("s"), expires_at: Time(0).plus_seconds(60) };
        let token = promise.sign(b"key").unwrap();
        let read = |key: &[u8], token: &str, second| {
            Promise::read(key, token, Time(0).plus_seconds(second)).unwrap()
        };
        assert_eq!(read(b"key", token.expose(), 59), Some(promise.clone()));
        assert_eq!(read(b"key", token.expose(), 60), None);
        assert_eq!(read(b"other", token.expose(), 0), None);
        let forged = token.expose().replacen("s.60", "t.60", 1);
        assert_eq!(read(b"key", &forged, 0), None);
        assert_eq!(read(b"key", "", 0), None);
        assert_ne!(promise.sign(b"key").unwrap().expose(), token.expose());
    }
}
