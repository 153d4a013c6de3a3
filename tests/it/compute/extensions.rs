//! `/extensions`, and what is gone for good.

use crate::support::TestCloud;

#[tokio::test]
async fn old_clients_find_their_extensions() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let all = demo.get("/compute/v2.1/extensions").await.expect(200);
    assert_eq!(all.body["extensions"].as_array().unwrap().len(), 99);
    let one = demo.get("/compute/v2.1/extensions/os-keypairs").await.expect(200);
    assert_eq!(one.text("/extension/name"), "Keypairs");
    demo.get("/compute/v2.1/extensions/nope").await.expect(404);
}

#[tokio::test]
async fn what_was_removed_says_so() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    for path in ["os-cells", "os-certificates/root", "os-fping", "os-agents", "os-cloudpipe"] {
        let answer = demo.get(&format!("/compute/v2.1/{path}")).await.expect(410);
        assert_eq!(
            answer.message(),
            "This resource is no longer available. No forwarding address is given."
        );
    }
}
