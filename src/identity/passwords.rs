//! Hashing of passwords and secrets: bcrypt as Keystone's default, on blocking threads, few at a
//! time. Logins and everything that sets a password call it; it knows no user.

use std::sync::Arc;

use kit::error::{Error, Result};
use kit::secret::Secret;
use kit::tasks::blocking;
use tokio::sync::Semaphore;

/// bcrypt is made to be slow; more at a time than cores would only starve everything else.
const AT_ONCE: usize = 2;
/// What bcrypt takes note of; Keystone cuts there too (`max_password_length`).
const LONGEST: usize = 72;

/// Hashes and verifies.
#[derive(Clone)]
pub(crate) struct Hasher {
    permits: Arc<Semaphore>,
    rounds: u32,
    /// Verified where there is no user, so that the time to answer does not tell.
    nobody: Arc<str>,
}

/// The hash of a secret that is as random as a key. Nobody comes to the end of guessing it, so
/// guessing need not be slow, and a transaction can wait for it.
pub(crate) fn hash_of_key(secret: &Secret) -> Result<String> {
    let least = 4;
    bcrypt::hash(cut(secret), least).map_err(|error| Error::internal(format!("bcrypt: {error}")))
}

impl Hasher {
    /// With a cost from 4 to 31.
    pub(crate) fn new(rounds: i64) -> Result<Self> {
        let rounds = u32::try_from(rounds).ok().filter(|rounds| (4..=31).contains(rounds));
        let rounds = rounds.ok_or_else(|| {
            Error::bad_request("setting [identity] password_hash_rounds: 4 to 31 are possible")
        })?;
        // A salt and a digest of zeros: well formed, and no password has it.
        let nobody = format!("$2b${rounds:02}${}", ".".repeat(53));
        Ok(Self { permits: Arc::new(Semaphore::new(AT_ONCE)), rounds, nobody: nobody.into() })
    }

    /// The hash of a secret, `$2b$…`.
    pub(crate) async fn hash(&self, secret: Secret) -> Result<String> {
        let rounds = self.rounds;
        self.run(move || {
            bcrypt::hash(cut(&secret), rounds)
                .map_err(|error| Error::internal(format!("bcrypt: {error}")))
        })
        .await
    }

    /// Whether the secret has this hash. Without a hash the answer is no, after the same time.
    pub(crate) async fn verify(&self, secret: Secret, hash: Option<String>) -> Result<bool> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| (*self.nobody).to_owned());
        // A hash of a form that bcrypt does not know is nobody's.
        self.run(move || Ok(bcrypt::verify(cut(&secret), &hash).unwrap_or(false) && known)).await
    }

    async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|_| Error::unavailable("The service is stopping."))?;
        blocking(move || {
            let outcome = work();
            drop(permit);
            outcome
        })
        .await
    }
}

fn cut(secret: &Secret) -> &[u8] {
    let bytes = secret.expose().as_bytes();
    bytes.get(..LONGEST).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let hasher = Hasher::new(4).unwrap();
        let hash = hasher.hash(Secret::new("secret")).await.unwrap();
        assert!(hash.starts_with("$2b$04$"));
        assert!(hasher.verify(Secret::new("secret"), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify(Secret::new("Secret"), Some(hash)).await.unwrap());
        assert!(!hasher.verify(Secret::new("secret"), None).await.unwrap());
    }

    #[tokio::test]
    async fn what_is_beyond_72_bytes_does_not_count() {
        let hasher = Hasher::new(4).unwrap();
        let hash = hasher.hash(Secret::new("x".repeat(80))).await.unwrap();
        assert!(hasher.verify(Secret::new("x".repeat(72)), Some(hash)).await.unwrap());
    }

    #[test]
    fn nobody_has_a_well_formed_hash() {
        let hasher = Hasher::new(4).unwrap();
        assert!(!bcrypt::verify("x", &hasher.nobody).unwrap());
    }
}
