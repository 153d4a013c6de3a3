//! What the API shows of a server group.

use kit::http::{Cx, Field, View, between, since};
use serde_json::{Value, json};

use super::model::ServerGroup;
use crate::microversions::{BASE, SERVER_GROUP_OWNER, SERVER_GROUP_RULES};

/// A server group.
pub(crate) static DETAIL: View<ServerGroup> = View(&[
    Field { key: "id", versions: &[since(BASE)], rule: None, render: |g, _| json!(g.id) },
    Field { key: "name", versions: &[since(BASE)], rule: None, render: |g, _| json!(g.name) },
    Field {
        key: "policies",
        versions: &[between(BASE, SERVER_GROUP_RULES)],
        rule: None,
        render: |g, _| json!([g.policy]),
    },
    Field {
        key: "policy",
        versions: &[since(SERVER_GROUP_RULES)],
        rule: None,
        render: |g, _| json!(g.policy),
    },
    // Nova: always empty, for clients of the first version.
    Field {
        key: "metadata",
        versions: &[between(BASE, SERVER_GROUP_RULES)],
        rule: None,
        render: |_, _| json!({}),
    },
    Field { key: "rules", versions: &[since(SERVER_GROUP_RULES)], rule: None, render: rules },
    Field { key: "members", versions: &[since(BASE)], rule: None, render: |g, _| json!(g.members) },
    Field {
        key: "project_id",
        versions: &[since(SERVER_GROUP_OWNER)],
        rule: None,
        render: |g, _| json!(g.project),
    },
    Field {
        key: "user_id",
        versions: &[since(SERVER_GROUP_OWNER)],
        rule: None,
        render: |g, _| json!(g.user),
    },
]);

fn rules(group: &ServerGroup, _: &Cx<'_>) -> Value {
    group.max_server_per_host.map_or_else(|| json!({}), |most| json!({"max_server_per_host": most}))
}
