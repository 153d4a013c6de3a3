//! The ways to show who one is. Each looks up what it needs, then verifies; none issues a token.

mod application_credential;
pub(crate) mod ec2;
mod password;
mod token;

use std::sync::Arc;

use kit::Platform;
use kit::clock::Time;
use kit::error::Result;
use kit::ids::{ApplicationCredentialId, ProjectId, UserId};

use super::request::{AuthRequest, Proof};
use crate::sentences::unauthorized;

/// What the methods of a login proved together.
#[derive(Debug)]
pub(crate) struct Proven {
    pub(crate) user_id: UserId,
    /// Sorted, each once; those of a token that was shown are among them.
    pub(crate) methods: Vec<String>,
    /// The new token may not outlive this.
    pub(crate) expires_at: Option<Time>,
    /// The audit id of the first token of the chain.
    pub(crate) audit_chain_id: Option<String>,
    /// The credential that was shown, with the project it is for.
    pub(crate) application_credential: Option<(ApplicationCredentialId, ProjectId)>,
}

impl Proven {
    fn by(user_id: UserId, method: &str) -> Self {
        Self {
            user_id,
            methods: vec![method.to_owned()],
            expires_at: None,
            audit_chain_id: None,
            application_credential: None,
        }
    }

    /// Who signed a request with an EC2 credential. One that an application credential narrows
    /// is good for that one's project only.
    pub(crate) fn by_signature(signer: ec2::Signer) -> Self {
        let narrowed = signer.application_credential.map(|id| (id, signer.project));
        Self { application_credential: narrowed, ..Self::by(signer.user, "ec2credential") }
    }

    /// Both, for the same user (Keystone: `AuthContext` refuses to reconcile two users).
    fn and(mut self, other: Self) -> Result<Self> {
        if self.user_id != other.user_id {
            return Err(unauthorized("the methods prove different users"));
        }
        self.methods.extend(other.methods);
        self.methods.sort();
        self.methods.dedup();
        self.expires_at = self.expires_at.into_iter().chain(other.expires_at).min();
        self.audit_chain_id = self.audit_chain_id.or(other.audit_chain_id);
        self.application_credential = self.application_credential.or(other.application_credential);
        Ok(self)
    }
}

/// Verifies every method of the request.
pub(crate) async fn prove(platform: &Arc<Platform>, request: &AuthRequest) -> Result<Proven> {
    let mut proven: Option<Proven> = None;
    for proof in &request.methods {
        let next = match proof {
            Proof::Password { user, password } => password::prove(platform, user, password).await?,
            Proof::Token(token) => token::prove(platform, token, request.scope.as_ref()).await?,
            Proof::ApplicationCredential { credential, secret } => {
                application_credential::prove(platform, credential, secret).await?
            }
        };
        proven = Some(match proven {
            Some(before) => before.and(next)?,
            None => next,
        });
    }
    proven.ok_or_else(|| unauthorized("no method proves a user"))
}
