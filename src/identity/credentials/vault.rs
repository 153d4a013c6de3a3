//! Seals what credentials hold. `store.rs` calls it; the key never leaves this file.
//!
//! ```text
//! DATA_DIR/identity/credential.key   the key, 32 bytes in hexadecimal
//! ```
//!
//! A sealed blob is a random nonce and then what XChaCha20-Poly1305 makes of the text. The id is
//! authenticated with it, so one row's blob opens in no other.

use std::fs;
use std::path::Path;

use chacha20poly1305::aead::{Aead, Generate, Key, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use kit::error::{Error, Result};
use kit::ids::CredentialId;
use kit::secret::Secret;

use crate::tokens::keys::write_private;

/// Bytes of the nonce before the sealed text.
const NONCE: usize = 24;

/// The key of this installation, ready for use.
pub(crate) struct Vault(XChaCha20Poly1305);

impl Vault {
    /// Reads the key below `folder`; the first start makes it.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let path = folder.join("credential.key");
        let key = match fs::read_to_string(&path) {
            Ok(text) => {
                let broken = |_| Error::internal(format!("{} is no key", path.display()));
                hex::decode(text.trim()).map_err(broken)?
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = Key::<XChaCha20Poly1305>::generate().to_vec();
                fs::create_dir_all(folder)?;
                write_private(&path, hex::encode(&key).as_bytes())?;
                key
            }
            Err(error) => return Err(error.into()),
        };
        let cipher = XChaCha20Poly1305::new_from_slice(&key)
            .map_err(|_| Error::internal(format!("{} is no key", path.display())))?;
        Ok(Self(cipher))
    }

    /// The blob of a credential, as it is kept.
    pub(crate) fn seal(&self, id: &CredentialId, blob: &Secret) -> Result<Vec<u8>> {
        let nonce = XNonce::generate();
        let payload = Payload { msg: blob.expose().as_bytes(), aad: id.as_str().as_bytes() };
        let sealed = self.0.encrypt(&nonce, payload).map_err(|_| broken(id))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// The blob that was sealed.
    pub(crate) fn unseal(&self, id: &CredentialId, kept: &[u8]) -> Result<Secret> {
        let (nonce, sealed) = kept.split_at_checked(NONCE).ok_or_else(|| broken(id))?;
        let nonce = XNonce::try_from(nonce).map_err(|_| broken(id))?;
        let payload = Payload { msg: sealed, aad: id.as_str().as_bytes() };
        let text = self.0.decrypt(&nonce, payload).map_err(|_| broken(id))?;
        String::from_utf8(text).map(Secret::new).map_err(|_| broken(id))
    }
}

fn broken(id: &CredentialId) -> Error {
    Error::internal(format!("credential {id} was not sealed with the key of this installation"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_blob_opens_with_the_same_key_in_its_own_row_only() {
        let folder = tempfile::tempdir().unwrap();
        let (id, other) = (CredentialId::from("a"), CredentialId::from("b"));
        let sealed = Vault::open(folder.path()).unwrap().seal(&id, &Secret::new("s3cret")).unwrap();
        assert!(!sealed.windows(6).any(|bytes| bytes == b"s3cret"));
        let again = Vault::open(folder.path()).unwrap();
        assert!(again.unseal(&id, &sealed).unwrap().matches("s3cret"));
        assert!(again.unseal(&other, &sealed).is_err());
        assert!(again.unseal(&id, &sealed[1..]).is_err());
        let elsewhere = tempfile::tempdir().unwrap();
        assert!(Vault::open(elsewhere.path()).unwrap().unseal(&id, &sealed).is_err());
    }

    #[test]
    fn only_the_owner_reads_the_key() {
        let folder = tempfile::tempdir().unwrap();
        drop(Vault::open(folder.path()).unwrap());
        let key = folder.path().join("credential.key").metadata().unwrap();
        assert_eq!(key.permissions().mode() & 0o777, 0o600);
    }
}
