//! `/template_versions`, held to what Heat 27 answered.

use serde_json::json;

use super::{error, root};
use crate::support::TestCloud;

#[tokio::test]
async fn thirteen_versions_have_their_aliases() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let answer = demo.get(&format!("{}/template_versions", root(&demo))).await.expect(200);
    let rows = answer.body["template_versions"].as_array().unwrap();
    assert_eq!(rows.len(), 13);
    assert_eq!(
        rows[0],
        json!({"version": "AWSTemplateFormatVersion.2010-09-09", "type": "cfn", "aliases": []})
    );
    assert_eq!(
        rows[12],
        json!({
            "version": "heat_template_version.2021-04-16",
            "type": "hot",
            "aliases": ["heat_template_version.wallaby"],
        })
    );
}

#[tokio::test]
async fn a_version_lists_its_functions() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let path = format!("{}/template_versions", root(&demo));
    let functions = format!("{path}/heat_template_version.2018-08-31/functions");
    let answer = demo.get(&functions).await.expect(200);
    let rows = answer.body["template_functions"].as_array().unwrap();
    assert_eq!(rows.len(), 21);
    assert_eq!(
        rows[3],
        json!({
            "functions": "get_resource",
            "description": "A function for resolving resource references.",
        })
    );
    let with = demo.get(&format!("{functions}?with_condition_func=true")).await.expect(200);
    let rows = with.body["template_functions"].as_array().unwrap();
    let names: Vec<_> = rows.iter().skip(21).map(|row| row["functions"].clone()).collect();
    assert_eq!(names, ["equals", "not", "and", "or"]);
    let unknown = demo.get(&format!("{path}/nosuch/functions")).await.expect(404);
    assert_eq!(error(&unknown), ("NotFound", "Template with version {} not found"));
}
