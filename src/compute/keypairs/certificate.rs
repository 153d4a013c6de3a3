//! A client certificate with which a user enters a Windows guest without a password, as Nova makes
//! it. PURE but for randomness; `keys.rs` calls it.
//!
//! Upstream: `nova/crypto.py::generate_winrm_x509_cert`, which asks OpenSSL.

use std::str::FromStr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kit::clock::Time;
use kit::error::Result;
use kit::ids::UserId;
use kit::secret::Secret;
use p12::PFX;
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::{Signature, SigningKey};
use rsa::pkcs8::EncodePrivateKey;
use rsa::sha2::Sha256;
use x509_cert::Certificate;
use x509_cert::builder::{Builder, CertificateBuilder, Profile};
use x509_cert::der::asn1::{Any, ObjectIdentifier, UtcTime, Utf8StringRef};
use x509_cert::der::pem::LineEnding;
use x509_cert::der::{Encode, EncodePem};
use x509_cert::ext::pkix::name::{GeneralName, OtherName};
use x509_cert::ext::pkix::{ExtendedKeyUsage, SubjectAltName};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::{Time as X509Time, Validity};

use super::keys::{Generated, broken};

/// Ten years, as Nova's.
const LIFE_SECONDS: i64 = 3650 * 24 * 3600;
/// `clientAuth`.
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
/// The principal name by which Windows knows a user.
const PRINCIPAL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.20.2.3");

/// The certificate in PEM, and a PKCS #12 archive with an empty password, in base64.
pub(super) fn generate(key: &RsaPrivateKey, user: &UserId, now: Time) -> Result<Generated> {
    let certificate = certificate(key, user, now).map_err(|why| broken(&why))?;
    let der = certificate.to_der().map_err(|why| broken(&why))?;
    let private = key.to_pkcs8_der().map_err(|why| broken(&why))?;
    let archive = PFX::new(&der, private.as_bytes(), None, "", "")
        .ok_or_else(|| broken(&"no PKCS #12 archive"))?;
    Ok(Generated {
        private_key: Secret::new(STANDARD.encode(archive.to_der())),
        public_key: certificate.to_pem(LineEnding::LF).map_err(|why| broken(&why))?,
    })
}

fn certificate(
    key: &RsaPrivateKey,
    user: &UserId,
    now: Time,
) -> Result<Certificate, Box<dyn std::error::Error>> {
    let subject = Name::from_str(&format!("CN={user}"))?;
    let validity =
        Validity { not_before: time(now)?, not_after: time(now.plus_seconds(LIFE_SECONDS))? };
    let signer = SigningKey::<Sha256>::new(key.clone());
    let mut builder = CertificateBuilder::new(
        Profile::Leaf {
            issuer: subject.clone(),
            enable_key_agreement: false,
            enable_key_encipherment: true,
        },
        SerialNumber::from(rand::random::<u64>()),
        validity,
        subject,
        SubjectPublicKeyInfoOwned::from_key(key.to_public_key())?,
        &signer,
    )?;
    let principal = format!("{user}@localhost");
    let name = OtherName {
        type_id: PRINCIPAL,
        value: Any::encode_from(&Utf8StringRef::new(&principal)?)?,
    };
    builder.add_extension(&ExtendedKeyUsage(vec![CLIENT_AUTH]))?;
    builder.add_extension(&SubjectAltName(vec![GeneralName::OtherName(name)]))?;
    Ok(builder.build::<Signature>()?)
}

fn time(at: Time) -> Result<X509Time, Box<dyn std::error::Error>> {
    let since_epoch = Duration::from_secs(u64::try_from(at.seconds())?);
    Ok(X509Time::UtcTime(UtcTime::from_unix_duration(since_epoch)?))
}
