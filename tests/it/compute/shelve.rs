//! Servers on the shelf, and backups: images that stand for a server, or come one after another.

use serde_json::{Value, json};

use super::servers::{act, active, id, settled};
use crate::support::TestCloud;
use crate::support::session::Session;

const IMAGES: &str = "/image/v2/images";

/// The ids of the images of this name, the newest first.
async fn images(session: &Session, name: &str) -> Vec<String> {
    let listed = session.get(&format!("{IMAGES}?name={name}")).await.expect(200);
    let rows = listed.body["images"].as_array().unwrap().iter();
    rows.map(|image| image["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_shelved_server_is_an_image_until_it_is_brought_back() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await.at("2.96"), cloud.admin().await.at("2.96"));
    let path = active(&demo, "s").await;
    act(&demo, &path, json!({"shelve": null})).await.expect(202);
    settled(&demo, &path, "SHELVED_OFFLOADED").await;
    let shelved = admin.get(&path).await.expect(200);
    assert_eq!(shelved.body["server"]["OS-EXT-SRV-ATTR:host"], Value::Null);
    assert_eq!(shelved.text("/server/hostId"), "");
    assert_eq!(shelved.body["server"]["OS-EXT-STS:power_state"], 4);
    assert!(cloud.engine.snapshot().instances.is_empty());
    let kept = images(&demo, "s-shelved").await;
    assert_eq!(kept.len(), 1);
    act(&demo, &path, json!({"unshelve": null})).await.expect(202);
    settled(&demo, &path, "ACTIVE").await;
    demo.get(&format!("{IMAGES}/{}", kept[0])).await.expect(404);
    assert_eq!(cloud.engine.snapshot().instances.len(), 1);
    let actions = demo.get(&format!("{path}/os-instance-actions")).await.expect(200);
    let labels = actions.body["instanceActions"].as_array().unwrap().iter();
    let labels: Vec<&Value> = labels.map(|action| &action["action"]).collect();
    assert_eq!(labels, ["unshelve", "shelve", "create"]);
}

#[tokio::test]
async fn a_shelved_server_keeps_its_guest_until_an_administrator_offloads_it() {
    let cloud = TestCloud::builder().setting("compute", "shelved_offload_time", "-1").start().await;
    let (demo, admin) = (cloud.demo().await.at("2.96"), cloud.admin().await.at("2.96"));
    let path = active(&demo, "s").await;
    let refused = act(&admin, &path, json!({"shelveOffload": null})).await.expect(409);
    let sentence =
        format!("Cannot 'shelveOffload' instance {} while it is in vm_state active", id(&path));
    assert_eq!(refused.message(), sentence);
    act(&demo, &path, json!({"shelve": null})).await.expect(202);
    settled(&demo, &path, "SHELVED").await;
    act(&demo, &path, json!({"os-start": null})).await.expect(409);
    let zone = json!({"unshelve": {"availability_zone": "nova"}});
    let refused = act(&demo, &path, zone).await.expect(409);
    assert!(refused.message().ends_with("The server status must be SHELVED_OFFLOADED."));
    act(&demo, &path, json!({"shelveOffload": null})).await.expect(403);
    act(&demo, &path, json!({"unshelve": null})).await.expect(202);
    settled(&demo, &path, "ACTIVE").await;
    assert_eq!(images(&demo, "s-shelved").await, [""; 0]);
    act(&demo, &path, json!({"shelve": null})).await.expect(202);
    settled(&demo, &path, "SHELVED").await;
    act(&admin, &path, json!({"shelveOffload": null})).await.expect(202);
    settled(&demo, &path, "SHELVED_OFFLOADED").await;
    demo.delete(&path).await.expect(204);
    demo.wait(&path, |answer| answer.status == 404).await;
    assert_eq!(images(&demo, "s-shelved").await, [""; 0]);
}

#[tokio::test]
async fn a_shelved_server_comes_back_in_the_zone_and_on_the_host_asked_for() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await.at("2.96"), cloud.admin().await.at("2.96"));
    let path = active(&demo, "s").await;
    let host = admin.get(&path).await.expect(200).text("/server/OS-EXT-SRV-ATTR:host");
    act(&demo, &path, json!({"shelve": null})).await.expect(202);
    settled(&demo, &path, "SHELVED_OFFLOADED").await;
    let unshelve = |what: Value| json!({"unshelve": what});
    act(&demo.at("2.77"), &path, unshelve(json!({}))).await.expect(400);
    act(&demo.at("2.77"), &path, unshelve(json!({"host": host}))).await.expect(400);
    let refused =
        act(&demo, &path, unshelve(json!({"availability_zone": "moon"}))).await.expect(400);
    assert_eq!(refused.message(), "The requested availability zone is not available");
    act(&demo, &path, unshelve(json!({"host": host}))).await.expect(403);
    let refused = act(&admin, &path, unshelve(json!({"host": "moon"}))).await.expect(400);
    assert_eq!(refused.message(), "Compute host moon could not be found.");
    let there = unshelve(json!({"availability_zone": "nova", "host": host}));
    act(&admin, &path, there).await.expect(202);
    let server = settled(&demo, &path, "ACTIVE").await;
    assert_eq!(server.text("/server/pinned_availability_zone"), "nova");
}

#[tokio::test]
async fn of_backups_of_a_type_only_the_newest_are_kept() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "s").await;
    let backup = async |session: &Session, kind: &str, rotation: u32| {
        let asked = json!({"createBackup": {"name": "b", "backup_type": kind,
            "rotation": rotation, "metadata": {"colour": "red"}}});
        let made = act(session, &path, asked).await.expect(202);
        settled(&demo, &path, "ACTIVE").await;
        made
    };
    let first = backup(&demo, "daily", 1).await.text("/image_id");
    let shown = demo.get(&format!("{IMAGES}/{first}")).await.expect(200);
    assert_eq!((&*shown.text("/image_type"), &*shown.text("/backup_type")), ("backup", "daily"));
    assert_eq!((&*shown.text("/instance_uuid"), &*shown.text("/colour")), (id(&path), "red"));
    let weekly = backup(&demo, "weekly", 1).await.text("/image_id");
    let second = backup(&demo, "daily", 1).await.text("/image_id");
    assert_eq!(images(&demo, "b").await, [second, weekly.clone()]);
    let old = backup(&demo.at("2.44"), "daily", 1).await;
    let third = old.header("location").to_owned();
    assert_eq!(images(&demo, "b").await, [id(&third), &weekly]);
    let gone = backup(&demo.at("2.44"), "daily", 0).await;
    assert_eq!(gone.optional("/image_id"), "");
    assert_eq!(images(&demo, "b").await, [weekly]);
    let negative = json!({"name": "b", "backup_type": "daily", "rotation": -1});
    act(&demo, &path, json!({"createBackup": negative})).await.expect(400);
}
