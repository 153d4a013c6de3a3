//! Heat 27: `heat/policies`. A project other than the token's is refused before any policy, but for
//! administrators, whom policy asks about the project of their token.

use serde_json::json;

use super::world::{Ids, Owners};
use super::{ADMIN, MEMBER, OK, PUBLIC, READER, Row, Verdicts, row};

/// Names are those of the token's project, where the administrator of the matrix has no stacks.
const LOOKUP: Verdicts = [401, 403, OK, OK, OK, 404];

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
    let snapshots = format!("{stacks}/theirs/{stack}/snapshots");
    let rests = |answer: &crate::support::Answer| {
        answer.optional("/stack/stack_status").ends_with("_COMPLETE")
    };
    demo.wait(&format!("{stacks}/theirs/{stack}"), rests).await;
    let snapshot = demo.post(&snapshots, json!({})).await.expect(200).text("/id");
    let kept = |answer: &crate::support::Answer| answer.optional("/snapshot/status") == "COMPLETE";
    demo.wait(&format!("{snapshots}/{snapshot}"), kept).await;
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
        ("snapshot_id", snapshot),
        ("stack_id", stack),
        ("stack_name", "theirs".to_owned()),
        ("template_version", "heat_template_version.rocky".to_owned()),
        ("type_name", "OS::Heat::None".to_owned()),
    ])
}

#[rustfmt::skip] // a row is a line
pub(super) static ROWS: &[Row] = &[
    row("orchestration-versions:index", PUBLIC),
    row("build_info:show", READER),
    row("template_validate:validate", MEMBER).body(r#"{"template": {"heat_template_version": "rocky"}}"#),
    row("template_versions:index", READER),
    row("template_versions:functions", READER),
    row("stacks:index", READER),
    row("stacks:create", MEMBER).body(r#"{"stack_name": "mine", "template": {"heat_template_version": "rocky"}}"#),
    row("stacks:detail", READER),
    row("stack_previews:create", READER).body(r#"{"stack_name": "mine", "template": {"heat_template_version": "rocky"}}"#),
    row("stack_previews:update", MEMBER).body(r#"{"template": {"heat_template_version": "rocky"}}"#),
    row("stack_previews:patch", MEMBER).body("{}"),
    row("stacks:lookup", LOOKUP),
    row("stacks:lookup_for_delete", LOOKUP),
    row("stacks:lookup_for_update", LOOKUP),
    row("stacks:lookup_for_patch", LOOKUP),
    row("stacks:lookup_actions", LOOKUP),
    row("stacks:lookup_resources", LOOKUP),
    row("stacks:lookup_events", LOOKUP),
    row("stacks:lookup_template", LOOKUP),
    row("stacks:lookup_environment", LOOKUP),
    row("stacks:lookup_files", LOOKUP),
    row("stacks:show", READER),
    row("stacks:template", READER),
    row("stacks:environment", READER),
    row("stacks:files", READER),
    row("stack_exports:show", MEMBER),
    row("stack_snapshots:index", READER),
    row("stack_snapshots:create", MEMBER).body("{}"),
    row("stack_snapshots:show", READER),
    row("stack_snapshots:restore", MEMBER),
    row("stack_snapshots:delete", MEMBER),
    row("services:index", ADMIN),
    row("stack_outputs:index", READER),
    row("stack_outputs:show", READER),
    row("stack_resources:index", READER),
    row("stack_resources:show", READER),
    row("stack_resources:metadata", READER),
    row("stack_resources:mark_unhealthy", MEMBER).body(r#"{"mark_unhealthy": false}"#),
    row("stack_resources:signal", [401, 403, 400, 400, 400, 400]).body("{}"),
    row("stack_events:index", READER),
    row("stack_events:of_resource", READER),
    row("stack_events:show", READER),
    row("software_configs:index", READER),
    row("software_configs:create", MEMBER).body("{}"),
    row("software_configs:show", READER),
    row("software_deployments:index", READER),
    row("software_deployments:metadata", READER),
    row("software_deployments:create", MEMBER).body(r#"{"config_id": "{config_id}", "server_id": "{server_id}"}"#),
    row("software_deployments:show", READER),
    row("software_deployments:update", MEMBER).body("{}"),
    row("software_deployments:delete", MEMBER),
    row("software_configs:delete", MEMBER).on(&[("config_id", "unused_config_id")]),
    row("resource_types:index", READER),
    row("resource_types:show", READER),
    row("resource_types:template", READER),
    row("stacks:update", MEMBER).body(r#"{"template": {"heat_template_version": "rocky"}}"#),
    row("stacks:update_patch", MEMBER).body("{}"),
    row("stacks:action", MEMBER).body(r#"{"check": null}"#),
    row("stack_exports:abandon", MEMBER).on(&[("stack_name", "doomed_stack_name"), ("stack_id", "doomed_stack_id")]),
    row("stacks:delete", MEMBER),
];
