//! The key repository: one private key that signs, several public ones that verify.
//!
//! ```text
//! DATA_DIR/identity/keys/private.pem            the signing key
//! DATA_DIR/identity/keys/public/<seconds>.pem   public keys, named by when they were made
//! ```
//!
//! `jws.rs` calls it. A private key never leaves this file but as an `EncodingKey`.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use jsonwebtoken::{DecodingKey, EncodingKey};
use kit::clock::Time;
use kit::error::{Error, Result};
use p256::SecretKey;
use p256::elliptic_curve::Generate;
use p256::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding};

/// The keys of this installation.
pub(crate) struct KeyRepository {
    folder: PathBuf,
    kept: usize,
    /// Seconds; 0 means never.
    rotation: i64,
    ring: RwLock<Ring>,
}

#[derive(Default)]
struct Ring {
    signing: Option<EncodingKey>,
    /// The youngest first: it signed most of what is checked.
    verifying: Vec<PublicKey>,
}

struct PublicKey {
    made_at: i64,
    path: PathBuf,
    key: DecodingKey,
}

impl KeyRepository {
    /// Reads the keys below `folder`; the first signature makes the first pair.
    pub(crate) fn open(folder: PathBuf, max_active_keys: i64, rotation: i64) -> Result<Self> {
        for folder in [&folder, &folder.join("public")] {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let kept = usize::try_from(max_active_keys).unwrap_or(1).max(1);
        let ring = RwLock::new(Ring::read(&folder)?);
        Ok(Self { folder, kept, rotation, ring })
    }

    /// Hands the signing key to `sign`; makes or rotates it first when it is time.
    pub(crate) fn with_signing<T>(
        &self,
        now: Time,
        sign: impl Fn(&EncodingKey) -> Result<T>,
    ) -> Result<T> {
        {
            let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
            if let (Some(key), false) = (&ring.signing, self.is_due(&ring, now)) {
                return sign(key);
            }
        }
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        if ring.signing.is_none() || self.is_due(&ring, now) {
            self.rotate(now)?;
            *ring = Ring::read(&self.folder)?;
        }
        let key = ring.signing.as_ref();
        sign(key.ok_or_else(|| Error::internal("the key repository has no private key"))?)
    }

    /// The first answer that `verify` gives for any public key.
    pub(crate) fn find_verifying<T>(
        &self,
        verify: impl Fn(&DecodingKey) -> Option<T>,
    ) -> Option<T> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        ring.verifying.iter().find_map(|public| verify(&public.key))
    }

    fn is_due(&self, ring: &Ring, now: Time) -> bool {
        let made_at = ring.verifying.first().map_or(0, |public| public.made_at);
        self.rotation > 0 && now.seconds() >= made_at.saturating_add(self.rotation)
    }

    /// The public half goes first: after a crash between the two, the old pair still works.
    fn rotate(&self, now: Time) -> Result<()> {
        let secret = SecretKey::generate();
        let encoding = |error: &dyn std::fmt::Display| Error::internal(format!("key: {error}"));
        let public =
            secret.public_key().to_public_key_pem(LineEnding::LF).map_err(|e| encoding(&e))?;
        let private = secret.to_pkcs8_pem(LineEnding::LF).map_err(|e| encoding(&e))?;
        let name = format!("{:012}.pem", now.seconds());
        write_private(&self.folder.join("public").join(name), public.as_bytes())?;
        write_private(&self.folder.join("private.pem"), private.as_bytes())?;
        for stale in Ring::read(&self.folder)?.verifying.iter().skip(self.kept) {
            fs::remove_file(&stale.path)?;
        }
        tracing::info!("made a new key to sign tokens");
        Ok(())
    }
}

impl Ring {
    fn read(folder: &Path) -> Result<Self> {
        let broken = |path: &Path| Error::internal(format!("{} is no key", path.display()));
        let private = folder.join("private.pem");
        let signing = match fs::read(&private) {
            Ok(pem) => Some(EncodingKey::from_ec_pem(&pem).map_err(|_| broken(&private))?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        let mut verifying = Vec::new();
        for entry in fs::read_dir(folder.join("public"))? {
            let path = entry?.path();
            let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            // What an operator put there by another name verifies too (Keystone: any file).
            let made_at = stem.parse().unwrap_or(0);
            let key = DecodingKey::from_ec_pem(&fs::read(&path)?).map_err(|_| broken(&path))?;
            verifying.push(PublicKey { made_at, path, key });
        }
        verifying.sort_by_key(|public| std::cmp::Reverse(public.made_at));
        Ok(Self { signing, verifying })
    }
}

/// Writes beside the target and renames, so that a crash leaves the old file or the new one.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> Result<()> {
    let beside = path.with_extension("new");
    let mut file =
        fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    Ok(fs::rename(&beside, path)?)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn public_keys(folder: &Path) -> usize {
        fs::read_dir(folder.join("public")).unwrap().count()
    }

    fn sign(keys: &KeyRepository, seconds: i64) {
        keys.with_signing(Time(seconds * 1_000_000), |_| Ok(())).unwrap();
    }

    #[test]
    fn keys_are_made_once_rotate_by_age_and_are_few() {
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyRepository::open(folder.path().to_owned(), 2, 100).unwrap();
        sign(&keys, 1000);
        sign(&keys, 1099);
        assert_eq!(public_keys(folder.path()), 1);
        sign(&keys, 1100);
        assert_eq!(public_keys(folder.path()), 2);
        sign(&keys, 1200);
        assert_eq!(public_keys(folder.path()), 2, "the oldest went");
    }

    #[test]
    fn only_the_owner_reads_keys() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        sign(&KeyRepository::open(keys.clone(), 2, 0).unwrap(), 1000);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&keys), 0o700);
        assert_eq!(mode(&keys.join("private.pem")), 0o600);
    }
}
