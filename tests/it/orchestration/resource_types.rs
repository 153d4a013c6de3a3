//! `/resource_types`.

use serde_json::json;

use super::url;
use crate::support::TestCloud;

#[tokio::test]
async fn types_are_listed_by_their_beginning_and_shown_with_their_schema() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let listed = demo.get(&url(&demo, "/resource_types?name=OS::Heat::R")).await.expect(200);
    assert_eq!(listed.body, json!({"resource_types": ["OS::Heat::RandomString"]}));
    let inner = demo.get(&url(&demo, "/resource_types?name=RandomString")).await.expect(200);
    assert_eq!(inner.body, json!({"resource_types": []}));
    let path = url(&demo, "/resource_types/OS::Heat::RandomString");
    let shown = demo.get(&path).await.expect(200);
    assert_eq!(
        shown.body["properties"]["length"],
        json!({"type": "integer", "description": "Length of the string to generate.",
            "default": 32, "required": false, "constraints": [{"range": {"min": 1, "max": 512}}],
            "update_allowed": false, "immutable": false})
    );
    assert_eq!(shown.text("/attributes/value/type"), "string");
    let missing = demo.get(&url(&demo, "/resource_types/OS::Nope")).await.expect(404);
    assert_eq!(missing.text("/error/message"), "The Resource Type (OS::Nope) could not be found.");
}
