//! `/stacks/{stack_name}/{stack_id}/export` and `…/abandon`.

use serde_json::json;

use super::{Stack, url};
use crate::support::TestCloud;

#[tokio::test]
async fn an_abandoned_stack_leaves_what_it_made() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let resources = json!({"net": {"type": "OS::Neutron::Net", "properties": {"name": "left"}}});
    let stack = Stack::of(&demo, "s", resources).await;
    stack.reaches("CREATE_COMPLETE").await;
    let exported = stack.get("/export").await;
    assert_eq!(exported.text("/resources/net/type"), "OS::Neutron::Net");
    let net = exported.text("/resources/net/resource_id");
    let abandoned = demo.delete(&format!("{}/abandon", stack.path)).await.expect(200);
    assert_eq!(abandoned.body, exported.body);
    stack.reaches("DELETE_COMPLETE").await;
    let shown = demo.get(&format!("/network/v2.0/networks/{net}")).await.expect(200);
    assert_eq!(shown.text("/network/name"), "left");
}

#[tokio::test]
async fn administrators_see_the_one_engine() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let services = admin.get(&url(&admin, "/services")).await.expect(200);
    assert_eq!(services.text("/services/0/binary"), "heat-engine");
    assert_eq!(services.text("/services/0/status"), "up");
}
