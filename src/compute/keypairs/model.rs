//! A key pair as it is kept.

use kit::clock::Time;
use kit::ids::UserId;
use kit::text_enum;

text_enum! {
    /// What kind of key it is.
    pub enum KeyType {
        /// A line of `authorized_keys`.
        Ssh = "ssh",
        /// A certificate in PEM.
        X509 = "x509",
    }
}

/// The public half of a key pair.
#[derive(Clone, Debug)]
pub(crate) struct Keypair {
    /// The integer that the API shows as `id`; 0 until it is kept.
    pub(crate) row: i64,
    pub(crate) user: UserId,
    pub(crate) name: String,
    pub(crate) key_type: KeyType,
    pub(crate) public_key: String,
    pub(crate) fingerprint: String,
    pub(crate) created_at: Time,
}

/// A page of a user's key pairs, by name.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) user: UserId,
    /// Rows at most; -1 for all.
    pub(crate) limit: i64,
    pub(crate) marker: Option<String>,
}
