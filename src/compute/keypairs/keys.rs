//! Key material: fingerprints of what users bring, pairs that are made for them. PURE but for
//! the operating system's randomness. `logic.rs` and `api.rs` call it.
//!
//! Upstream: `nova/crypto.py`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kit::clock::Time;
use kit::error::{Error, Result};
use kit::ids::UserId;
use kit::secret::Secret;
use md5::{Digest, Md5};
use rsa::RsaPrivateKey;
use rsa::pkcs1::{EncodeRsaPrivateKey, LineEnding};
use rsa::traits::PublicKeyParts;
use sha1::Sha1;
use ssh_key::public::{KeyData, RsaPublicKey};
use ssh_key::{Mpint, PublicKey};
use x509_cert::Certificate;
use x509_cert::der::{Decode, pem};

use super::certificate;
use super::model::KeyType;

/// Bits of a generated key (Nova: `generate_key_pair`).
const RSA_BITS: usize = 2048;

/// A fresh pair.
pub(crate) struct Generated {
    pub(crate) private_key: Secret,
    pub(crate) public_key: String,
}

/// MD5 of the key's bytes, as `aa:bb:…`; `Err` is Nova's reason.
///
/// What follows the second word is a comment, and may be anything.
pub(super) fn ssh_fingerprint(public_key: &str) -> Result<String, String> {
    let invalid = || "failed to generate fingerprint".to_owned();
    let mut words = public_key.split([' ', '\t']).filter(|word| !word.is_empty());
    let (Some(algorithm), Some(encoded)) = (words.next(), words.next()) else {
        return Err(invalid());
    };
    let encoded = encoded.trim_end();
    PublicKey::from_openssh(&format!("{algorithm} {encoded}")).map_err(|_| invalid())?;
    let bytes = STANDARD.decode(encoded).map_err(|_| invalid())?;
    Ok(colons(&Md5::digest(bytes)))
}

/// SHA-1 of the certificate, as `aa:bb:…`; `Err` is Nova's reason.
pub(super) fn x509_fingerprint(certificate: &str) -> Result<String, String> {
    let invalid = |why: &dyn std::fmt::Display| {
        format!("failed to generate X509 fingerprint. Error message: {why}")
    };
    let (_, bytes) = pem::decode_vec(certificate.as_bytes()).map_err(|why| invalid(&why))?;
    Certificate::from_der(&bytes).map_err(|why| invalid(&why))?;
    Ok(colons(&Sha1::digest(&bytes)))
}

/// Makes a pair for a user. Takes a moment: call it on the blocking pool.
pub(crate) fn generate(key_type: KeyType, user: &UserId, now: Time) -> Result<Generated> {
    let key =
        RsaPrivateKey::new(&mut rsa::rand_core::OsRng, RSA_BITS).map_err(|why| broken(&why))?;
    match key_type {
        KeyType::Ssh => ssh(&key),
        KeyType::X509 => certificate::generate(&key, user, now),
    }
}

/// A defect of the libraries below: there is nothing that a user could do about it.
pub(super) fn broken(why: &dyn std::fmt::Display) -> Error {
    Error::internal(format!("key generation: {why}"))
}

fn ssh(key: &RsaPrivateKey) -> Result<Generated> {
    let number = |bytes: Vec<u8>| Mpint::from_positive_bytes(&bytes).map_err(|why| broken(&why));
    let public =
        RsaPublicKey { e: number(key.e().to_bytes_be())?, n: number(key.n().to_bytes_be())? };
    let public = PublicKey::new(KeyData::Rsa(public), "Generated-by-Nova");
    let private_key = key.to_pkcs1_pem(LineEnding::LF).map_err(|why| broken(&why))?;
    Ok(Generated {
        private_key: Secret::new(private_key.as_str()),
        public_key: public.to_openssh().map_err(|why| broken(&why))?,
    })
}

fn colons(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFW2weyUBFYgzoilBK5JeEvdjyIBYfArE2y3JougZg4r user@example";

    #[test]
    fn the_fingerprint_is_the_one_that_nova_gives() {
        let expected = "e8:db:f1:dd:d7:50:aa:45:94:dd:cb:54:9a:b1:b2:ca";
        assert_eq!(ssh_fingerprint(ED25519).as_deref(), Ok(expected));
        assert_eq!(ssh_fingerprint(&format!("{ED25519}\n")).as_deref(), Ok(expected));
    }

    #[test]
    fn nonsense_has_no_fingerprint() {
        for text in ["", "ssh-rsa", "ssh-rsa nonsense", "ssh-rsa AAAAC3NzaC1lZDI1NTE5"] {
            assert!(ssh_fingerprint(text).is_err(), "{text}");
        }
        assert!(x509_fingerprint("nonsense").is_err());
    }

    #[test]
    fn a_generated_certificate_is_one_and_its_key_comes_along() {
        let pair = generate(KeyType::X509, &UserId::from("me"), Time(0)).unwrap();
        assert!(x509_fingerprint(&pair.public_key).is_ok());
        let archive = STANDARD.decode(pair.private_key.expose()).unwrap();
        let archive = p12::PFX::parse(&archive).unwrap();
        assert_eq!(archive.cert_bags("").unwrap().len(), 1);
        assert_eq!(archive.key_bags("").unwrap().len(), 1);
    }

    #[test]
    fn a_generated_pair_is_what_old_clients_expect() {
        let pair = generate(KeyType::Ssh, &UserId::from("me"), Time(0)).unwrap();
        assert!(pair.private_key.expose().starts_with("-----BEGIN RSA PRIVATE KEY-----\n"));
        assert!(pair.public_key.starts_with("ssh-rsa "));
        assert!(pair.public_key.ends_with(" Generated-by-Nova"));
        assert!(ssh_fingerprint(&pair.public_key).is_ok());
    }
}
