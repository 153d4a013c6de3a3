//! What the API shows of a token (Keystone: `common/render_token.py`).

use serde_json::{Value, json};

use super::model::{Named, Token, TokenScope};
use crate::view::set;

/// The token, with the catalogue where there is one to show.
pub(crate) fn token(token: &Token, catalogue: Option<Value>) -> Value {
    let mut shown = json!({
        "methods": token.methods,
        "user": {
            "domain": named(&token.user_domain),
            "id": token.user.id,
            "name": token.user.name,
            "password_expires_at": null,
        },
        "audit_ids": token.audit_ids,
        "expires_at": token.expires_at.iso_micro_z(),
        "issued_at": token.issued_at.iso_micro_z(),
    });
    let roles = token.roles.iter().map(named).collect::<Value>();
    match &token.scope {
        TokenScope::System => {
            set(&mut shown, "roles", roles);
            set(&mut shown, "system", json!({"all": true}));
        }
        TokenScope::Domain(domain) => {
            set(&mut shown, "domain", named(domain));
            set(&mut shown, "roles", roles);
        }
        TokenScope::Project { project, domain, is_domain } => {
            let project = json!({"domain": named(domain), "id": project.id, "name": project.name});
            set(&mut shown, "project", project);
            set(&mut shown, "is_domain", *is_domain);
            set(&mut shown, "roles", roles);
        }
        TokenScope::Unscoped => {}
    }
    if let Some(catalogue) = catalogue {
        set(&mut shown, "catalog", catalogue);
    }
    if let Some(credential) = &token.application_credential {
        set(
            &mut shown,
            "application_credential",
            json!({
                "id": credential.id,
                "name": credential.name,
                "restricted": !credential.unrestricted,
            }),
        );
    }
    json!({"token": shown})
}

fn named<Id: serde::Serialize>(named: &Named<Id>) -> Value {
    json!({"id": named.id, "name": named.name})
}
