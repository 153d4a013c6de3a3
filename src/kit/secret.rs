//! Secrets that cannot reach a log: no `Debug`, no `Display`, wiped on drop.

use rand::RngExt;
use rand::distr::Alphanumeric;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

/// A secret text. `Debug` prints a placeholder.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// `length` random letters and digits, from the operating system's generator.
    pub fn random(length: usize) -> Self {
        let text: String =
            rand::rng().sample_iter(Alphanumeric).take(length).map(char::from).collect();
        Self::new(text)
    }

    /// The text itself. Each caller is a place to review.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Compares in constant time.
    pub fn matches(&self, other: &str) -> bool {
        self.expose().as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}
