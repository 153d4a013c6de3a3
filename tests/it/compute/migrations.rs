//! Moves between hosts: there is one host, so each is refused where Nova finds that out.

use serde_json::{Value, json};

use super::servers::{active, settled};
use crate::support::{Answer, Session, TestCloud};

async fn act(admin: &Session, path: &str, body: Value) -> Answer {
    admin.post(&format!("{path}/action"), body).await
}

/// The instance action that came last, and why it failed.
async fn failed(admin: &Session, path: &str) -> (String, String) {
    let actions = admin.get(&format!("{path}/os-instance-actions")).await.expect(200);
    let request = actions.text("/instanceActions/0/request_id");
    let shown = admin.get(&format!("{path}/os-instance-actions/{request}")).await.expect(200);
    let details = shown.text("/instanceAction/events/0/details");
    (shown.text("/instanceAction/action"), details)
}

#[tokio::test]
async fn no_other_host_is_found_for_a_server() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await.at("2.96"), cloud.admin().await.at("2.96"));
    let path = active(&demo, "s").await;
    let host = admin.get(&path).await.expect(200).text("/server/OS-EXT-SRV-ATTR:host");
    act(&admin, &path, json!({"migrate": null})).await.expect(202);
    settled(&demo, &path, "ACTIVE").await;
    let why = "No valid host was found. No valid host found for cold migrate";
    assert_eq!(failed(&admin, &path).await, ("migrate".to_owned(), why.to_owned()));
    let own = act(&admin, &path, json!({"migrate": {"host": host}})).await.expect(400);
    assert_eq!(own.message(), "Cannot migrate to the host where the server exists.");
    let other = act(&admin, &path, json!({"migrate": {"host": "elsewhere"}})).await.expect(400);
    assert_eq!(other.message(), "Compute host elsewhere could not be found.");
    let live = json!({"os-migrateLive": {"host": null, "block_migration": "auto"}});
    act(&admin, &path, live).await.expect(202);
    assert_eq!(failed(&admin, &path).await.0, "live-migration");
    let old = json!({"os-migrateLive": {
        "host": host, "block_migration": false, "disk_over_commit": false,
    }});
    let refused = act(&admin.at("2.1"), &path, old).await.expect(400).message();
    assert!(refused.ends_with(&format!("to current host ({host}).")), "{refused}");
    settled(&demo, &path, "ACTIVE").await;
}

#[tokio::test]
async fn nobody_flees_from_a_host_that_is_up() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await.at("2.96"), cloud.admin().await.at("2.96"));
    let path = active(&demo, "s").await;
    let host = admin.get(&path).await.expect(200).text("/server/OS-EXT-SRV-ATTR:host");
    let refused = act(&admin, &path, json!({"evacuate": {}})).await.expect(400);
    assert_eq!(refused.message(), format!("Compute service of {host} is still in use."));
    let absent = json!({"evacuate": {"host": "elsewhere"}});
    act(&admin, &path, absent).await.expect(404);
    let compute = "/compute/v2.1/os-services?binary=nova-compute";
    let service = admin.find(compute, "services").await;
    let down = json!({"forced_down": true});
    admin.put(&format!("/compute/v2.1/os-services/{service}"), down).await.expect(200);
    act(&admin, &path, json!({"migrate": null})).await.expect(409);
    act(&admin, &path, json!({"evacuate": {}})).await.expect(200);
    settled(&demo, &path, "ERROR").await;
    let fault = demo.get(&path).await.expect(200).text("/server/fault/message");
    assert_eq!(fault, "No valid host was found. There are not enough hosts available.");
}

#[tokio::test]
async fn migrations_are_listed_and_none_is_under_way() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await.at("2.96"), cloud.admin().await.at("2.96"));
    let path = active(&demo, "s").await;
    act(&admin, &path, json!({"migrate": null})).await.expect(202);
    act(&admin, &path, json!({"migrate": null})).await.expect(202);
    let list = "/compute/v2.1/os-migrations";
    let page = admin.get(&format!("{list}?limit=1&migration_type=migration")).await.expect(200);
    assert_eq!(page.body["migrations"].as_array().unwrap().len(), 1);
    assert_eq!(page.text("/migrations/0/status"), "error");
    let marker = page.text("/migrations/0/uuid");
    let rest = admin.get(&format!("{list}?marker={marker}")).await.expect(200);
    assert_eq!(rest.body["migrations"].as_array().unwrap().len(), 1);
    admin.get(&format!("{list}?marker={path}")).await.expect(400);
    let old = admin.at("2.1").get(list).await.expect(200);
    assert_eq!(old.body["migrations"].as_array().unwrap().len(), 2);
    assert!(old.body["migrations"][0].get("migration_type").is_none());
    let number = page.body["migrations"][0]["id"].to_string();
    let own = format!("{path}/migrations");
    assert_eq!(admin.get(&own).await.expect(200).body["migrations"], json!([]));
    let shown = admin.get(&format!("{own}/{number}")).await.expect(404).message();
    assert!(shown.ends_with("is not live-migration."), "{shown}");
    let complete = json!({"force_complete": null});
    let refused = admin.post(&format!("{own}/{number}/action"), complete).await.expect(409);
    assert!(refused.message().ends_with("while it is in task_state None"));
    admin.delete(&format!("{own}/{number}")).await.expect(409);
}
