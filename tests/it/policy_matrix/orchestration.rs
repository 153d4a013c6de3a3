//! Heat 27: `heat/policies`. A project other than the token's is refused before any policy, to
//! administrators too.

use serde_json::json;

use super::world::{Ids, Owners};
use super::{OK, PUBLIC, Row, Verdicts, row};

const READER_HERE: Verdicts = [401, 403, OK, OK, OK, 403];
const MEMBER_HERE: Verdicts = [401, 403, 403, OK, OK, 403];
/// Administrators of the project itself; nobody of the matrix is one.
const ADMIN_HERE: Verdicts = [401, 403, 403, 403, 403, 403];

pub(super) async fn furnish(owners: &Owners) -> Ids {
    let demo = &owners.demo;
    let stacks = format!("/orchestration/v1/{}/stacks", demo.project);
    let body = json!({"stack_name": "theirs", "template": {
        "heat_template_version": "rocky",
        "resources": {"r": {"type": "OS::Heat::None"}},
        "outputs": {"o": {"value": 1}},
    }});
    let stack = demo.post(&stacks, body).await.expect(201).text("/stack/id");
    let events = format!("{stacks}/theirs/{stack}/resources/r/events");
    let begun = |answer: &crate::support::Answer| !answer.optional("/events/0/id").is_empty();
    let event = demo.wait(&events, begun).await.text("/events/0/id");
    let configs = format!("/orchestration/v1/{}/software_configs", demo.project);
    let config =
        async || demo.post(&configs, json!({})).await.expect(200).text("/software_config/id");
    let (used, unused) = (config().await, config().await);
    let server = "11111111-1111-1111-1111-111111111111";
    let deployments = format!("/orchestration/v1/{}/software_deployments", demo.project);
    let body = json!({"config_id": used, "server_id": server});
    let deployment = demo.post(&deployments, body).await.expect(200);
    let body = json!({"stack_name": "doomed", "template": {"heat_template_version": "rocky"}});
    let doomed = demo.post(&stacks, body).await.expect(201).text("/stack/id");
    Ids::from([
        ("doomed_stack_id", doomed),
        ("doomed_stack_name", "doomed".to_owned()),
        ("config_id", used),
        ("unused_config_id", unused),
        ("deployment_id", deployment.text("/software_deployment/id")),
        ("server_id", server.to_owned()),
        ("arn", "arn:openstack:heat::p:stacks".to_owned()),
        ("event_id", event),
        ("output_key", "o".to_owned()),
        ("resource_name", "r".to_owned()),
        ("stack_id", stack),
        ("stack_name", "theirs".to_owned()),
        ("template_version", "heat_template_version.rocky".to_owned()),
        ("type_name", "OS::Heat::None".to_owned()),
    ])
}

#[rustfmt::skip] // a row is a line
pub(super) static ROWS: &[Row] = &[
    row("orchestration-versions:index", PUBLIC),
    row("build_info:show", READER_HERE),
    row("template_validate:validate", MEMBER_HERE).body(r#"{"template": {"heat_template_version": "rocky"}}"#),
    row("template_versions:index", READER_HERE),
    row("template_versions:functions", READER_HERE),
    row("stacks:index", READER_HERE),
    row("stacks:create", MEMBER_HERE).body(r#"{"stack_name": "mine", "template": {"heat_template_version": "rocky"}}"#),
    row("stacks:detail", READER_HERE),
    row("stack_previews:create", READER_HERE).body(r#"{"stack_name": "mine", "template": {"heat_template_version": "rocky"}}"#),
    row("stack_previews:update", MEMBER_HERE).body(r#"{"template": {"heat_template_version": "rocky"}}"#),
    row("stack_previews:patch", MEMBER_HERE).body("{}"),
    row("stacks:lookup", READER_HERE),
    row("stacks:lookup_for_delete", READER_HERE),
    row("stacks:lookup_for_update", READER_HERE),
    row("stacks:lookup_for_patch", READER_HERE),
    row("stacks:lookup_actions", READER_HERE),
    row("stacks:lookup_resources", READER_HERE),
    row("stacks:lookup_events", READER_HERE),
    row("stacks:lookup_template", READER_HERE),
    row("stacks:lookup_environment", READER_HERE),
    row("stacks:lookup_files", READER_HERE),
    row("stacks:show", READER_HERE),
    row("stacks:template", READER_HERE),
    row("stacks:environment", READER_HERE),
    row("stacks:files", READER_HERE),
    row("stack_exports:show", MEMBER_HERE),
    row("services:index", ADMIN_HERE),
    row("stack_outputs:index", READER_HERE),
    row("stack_outputs:show", READER_HERE),
    row("stack_resources:index", READER_HERE),
    row("stack_resources:show", READER_HERE),
    row("stack_resources:metadata", READER_HERE),
    row("stack_resources:mark_unhealthy", MEMBER_HERE).body(r#"{"mark_unhealthy": false}"#),
    row("stack_resources:signal", [401, 403, 400, 400, 400, 403]).body("{}"),
    row("signals:wait_condition", [403; 6]),
    row("signals:wait_condition_post", [403; 6]),
    row("signals:signed", [403; 6]),
    row("signals:init", [403; 6]),
    row("signals:temporary", [403; 6]),
    row("signals:temporary_post", [403; 6]),
    row("stack_events:index", READER_HERE),
    row("stack_events:of_resource", READER_HERE),
    row("stack_events:show", READER_HERE),
    row("software_configs:index", READER_HERE),
    row("software_configs:create", MEMBER_HERE).body("{}"),
    row("software_configs:show", READER_HERE),
    row("software_deployments:index", READER_HERE),
    row("software_deployments:metadata", READER_HERE),
    row("software_deployments:create", MEMBER_HERE).body(r#"{"config_id": "{config_id}", "server_id": "{server_id}"}"#),
    row("software_deployments:show", READER_HERE),
    row("software_deployments:update", MEMBER_HERE).body("{}"),
    row("software_deployments:delete", MEMBER_HERE),
    row("software_configs:delete", MEMBER_HERE).on(&[("config_id", "unused_config_id")]),
    row("resource_types:index", READER_HERE),
    row("resource_types:show", READER_HERE),
    row("resource_types:template", READER_HERE),
    row("stacks:update", MEMBER_HERE).body(r#"{"template": {"heat_template_version": "rocky"}}"#),
    row("stacks:update_patch", MEMBER_HERE).body("{}"),
    row("stacks:action", MEMBER_HERE).body(r#"{"check": null}"#),
    row("stack_exports:abandon", MEMBER_HERE).on(&[("stack_name", "doomed_stack_name"), ("stack_id", "doomed_stack_id")]),
    row("stacks:delete", MEMBER_HERE),
];
