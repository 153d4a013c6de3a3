//! The text of a token: a JWS with the claims of Keystone's `jws` provider
//! (`keystone/token/providers/jws/core.py`), so that tokens and keys are exchangeable with it.
//!
//! It checks the signature and nothing else: whether a token is expired or revoked is for
//! `resolve.rs`.

use jsonwebtoken::{Algorithm, Header, Validation};
use kit::clock::Time;
use kit::error::{Error, Result};
use kit::ids::{ApplicationCredentialId, DomainId, ProjectId, UserId};
use serde::{Deserialize, Serialize};

use super::keys::KeyRepository;

/// What a token says.
///
/// A token of a Keystone that says more (a trust, a federation) would be taken for a wider one,
/// so unknown claims are refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claims {
    /// The user.
    pub(crate) sub: UserId,
    /// When it was issued, seconds.
    pub(crate) iat: i64,
    /// When it ends, seconds.
    pub(crate) exp: i64,
    #[serde(rename = "openstack_methods")]
    pub(crate) methods: Vec<String>,
    /// Its own audit id, then the one of the first token of the chain.
    #[serde(rename = "openstack_audit_ids")]
    pub(crate) audit_ids: Vec<String>,
    /// `all`.
    #[serde(rename = "openstack_system", default, skip_serializing_if = "Option::is_none")]
    pub(crate) system: Option<String>,
    #[serde(rename = "openstack_domain_id", default, skip_serializing_if = "Option::is_none")]
    pub(crate) domain_id: Option<DomainId>,
    #[serde(rename = "openstack_project_id", default, skip_serializing_if = "Option::is_none")]
    pub(crate) project_id: Option<ProjectId>,
    #[serde(rename = "openstack_app_cred_id", default, skip_serializing_if = "Option::is_none")]
    pub(crate) application_credential_id: Option<ApplicationCredentialId>,
    /// The microseconds that `iat` lacks; Keystone does not read it. Without it, a token made
    /// within the second after a password change would count as older than the change.
    #[serde(rename = "novadock_iat_us", default, skip_serializing_if = "Option::is_none")]
    pub(crate) iat_us: Option<i64>,
}

impl Claims {
    /// When the token was issued, exactly.
    pub(crate) fn issued_at(&self) -> Time {
        Time(self.iat.saturating_mul(1_000_000).saturating_add(self.iat_us.unwrap_or(0)))
    }

    /// When the token ends.
    pub(crate) fn expires_at(&self) -> Time {
        Time(self.exp.saturating_mul(1_000_000))
    }
}

/// The token of these claims.
pub(crate) fn sign(keys: &KeyRepository, claims: &Claims, now: Time) -> Result<String> {
    let header = Header::new(Algorithm::ES256);
    keys.with_signing(now, |key| {
        jsonwebtoken::encode(&header, claims, key)
            .map_err(|error| Error::internal(format!("cannot sign a token: {error}")))
    })
}

/// The claims of a token that one of the keys signed.
pub(crate) fn verify(keys: &KeyRepository, token: &str) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::ES256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    keys.find_verifying(|key| {
        jsonwebtoken::decode::<Claims>(token, key, &validation).ok().map(|data| data.claims)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Claims {
        Claims {
            sub: UserId::from("u"),
            iat: 1000,
            exp: 2000,
            methods: vec!["password".to_owned()],
            audit_ids: vec!["a".to_owned()],
            system: None,
            domain_id: None,
            project_id: Some(ProjectId::from("p")),
            application_credential_id: None,
            iat_us: Some(7),
        }
    }

    fn repository(folder: &std::path::Path) -> KeyRepository {
        KeyRepository::open(folder.to_owned(), 2, 100).unwrap()
    }

    #[test]
    fn a_token_says_what_it_was_made_of() {
        let folder = tempfile::tempdir().unwrap();
        let keys = repository(folder.path());
        let token = sign(&keys, &claims(), Time(1_000_000_000)).unwrap();
        assert_eq!(verify(&keys, &token), Some(claims()));
        assert_eq!(claims().issued_at(), Time(1_000_000_007));
    }

    #[test]
    fn a_rotated_key_still_verifies_and_a_removed_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let keys = repository(folder.path());
        let token = sign(&keys, &claims(), Time(1_000_000_000)).unwrap();
        sign(&keys, &claims(), Time(1_200_000_000)).unwrap();
        assert!(verify(&keys, &token).is_some());
        sign(&keys, &claims(), Time(1_400_000_000)).unwrap();
        assert!(verify(&keys, &token).is_none());
    }

    #[test]
    fn a_token_that_was_touched_is_no_token() {
        let folder = tempfile::tempdir().unwrap();
        let keys = repository(folder.path());
        let token = sign(&keys, &claims(), Time(1_000_000_000)).unwrap();
        let mut touched = token.clone().into_bytes();
        let middle = token.find('.').unwrap() + 5;
        touched[middle] = if touched[middle] == b'A' { b'B' } else { b'A' };
        assert!(verify(&keys, std::str::from_utf8(&touched).unwrap()).is_none());
        for garbage in ["", "x", "a.b.c", "gAAAAA"] {
            assert!(verify(&keys, garbage).is_none(), "{garbage}");
        }
    }
}
