//! Method `token`: a token is shown for another one, usually of another scope.

use std::sync::Arc;

use kit::Platform;
use kit::error::Result;
use kit::secret::Secret;

use super::Proven;
use crate::sentences::forbidden_action;
use crate::tokens::logic;
use crate::tokens::model::TokenScope;
use crate::tokens::request::ScopeRequest;

/// The user of the token. What is narrower than its user may not be exchanged for more
/// (Keystone: `auth/plugins/token.py`).
pub(super) async fn prove(
    platform: &Arc<Platform>,
    token: &Secret,
    scope: Option<&ScopeRequest>,
) -> Result<Proven> {
    let shown = logic::validate(platform, token.expose(), 0).await?;
    let narrows = matches!(scope, Some(ScopeRequest::Project(_) | ScopeRequest::Domain(_)));
    if shown.scope == TokenScope::System && narrows {
        return Err(forbidden_action(
            "Using a system-scoped token to create a project-scoped or domain-scoped token is not allowed.",
        ));
    }
    if shown.is_delegated() {
        return Err(forbidden_action(
            "Using a delegated token to create another token is not allowed.",
        ));
    }
    let mut methods = shown.methods;
    methods.push("token".to_owned());
    methods.sort();
    methods.dedup();
    Ok(Proven {
        methods,
        // Otherwise nobody would ever have to show a password again.
        expires_at: Some(shown.expires_at),
        audit_chain_id: shown.audit_ids.last().cloned(),
        ..Proven::by(shown.user.id, "token")
    })
}
