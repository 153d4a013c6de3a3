//! What the API shows of a token (Keystone: `common/render_token.py`).

use serde_json::{Value, json};

use super::model::{Named, Token, TokenScope};

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
            shown["roles"] = roles;
            shown["system"] = json!({"all": true});
        }
        TokenScope::Domain(domain) => {
            shown["domain"] = named(domain);
            shown["roles"] = roles;
        }
        TokenScope::Project { project, domain, is_domain } => {
            shown["project"] =
                json!({"domain": named(domain), "id": project.id, "name": project.name});
            shown["is_domain"] = json!(is_domain);
            shown["roles"] = roles;
        }
        TokenScope::Unscoped => {}
    }
    if let Some(catalogue) = catalogue {
        shown["catalog"] = catalogue;
    }
    if let Some(credential) = &token.application_credential {
        shown["application_credential"] = json!({
            "id": credential.id,
            "name": credential.name,
            "restricted": !credential.unrestricted,
        });
    }
    json!({"token": shown})
}

fn named<Id: serde::Serialize>(named: &Named<Id>) -> Value {
    json!({"id": named.id, "name": named.name})
}
