//! Rescue: another guest with the server's file system, at its addresses.

use kit::engine::{GuestFile, Instances};
use serde_json::json;

use super::servers::{act, active, id, settled};
use crate::support::TestCloud;

fn note(path: &str) -> GuestFile {
    let content = Some(b"note".as_slice().into());
    GuestFile { path: path.to_owned(), content, mode: 0o644, uid: 0, gid: 0 }
}

#[tokio::test]
async fn a_rescue_guest_repairs_the_servers_own_file_system() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "s").await;
    let own = format!("nova-{}", id(&path));
    let rescue = format!("{own}-rescue");
    cloud.engine.put_files(&own, &[note("/broken")]).await.unwrap();
    let asked = json!({"rescue": {"adminPass": "secret"}});
    let answer = act(&demo, &path, asked).await.expect(200);
    assert_eq!(answer.text("/adminPass"), "secret");
    let server = settled(&demo, &path, "RESCUE").await;
    assert_eq!(server.body["server"]["OS-EXT-STS:power_state"], 1);
    let seen = cloud.engine.read_file(&rescue, "/mnt/broken", 100).await.unwrap();
    assert!(seen.is_some());
    cloud.engine.put_files(&rescue, &[note("/mnt/repaired")]).await.unwrap();
    act(&demo, &path, json!({"os-stop": null})).await.expect(409);
    act(&demo, &path, json!({"unrescue": null})).await.expect(202);
    settled(&demo, &path, "ACTIVE").await;
    let repaired = cloud.engine.read_file(&own, "/repaired", 100).await.unwrap();
    assert!(repaired.is_some());
    let left = cloud.engine.snapshot();
    assert_eq!((left.instances.len(), left.volumes.len()), (1, 0));
    let refused = act(&demo, &path, json!({"unrescue": null})).await.expect(409);
    let sentence =
        format!("Cannot 'unrescue' instance {} while it is in vm_state active", id(&path));
    assert_eq!(refused.message(), sentence);
}

#[tokio::test]
async fn a_rescue_image_must_be_there_and_a_rescued_server_can_be_deleted() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "s").await;
    let nowhere = "00000000-0000-0000-0000-00000000dead";
    let asked = json!({"rescue": {"rescue_image_ref": nowhere}});
    let refused = act(&demo, &path, asked).await.expect(400);
    assert_eq!(refused.message(), format!("Requested rescue image '{nowhere}' is not supported"));
    let answer = act(&demo, &path, json!({"rescue": null})).await.expect(200);
    assert_eq!(answer.text("/adminPass").len(), 12);
    settled(&demo, &path, "RESCUE").await;
    demo.delete(&path).await.expect(204);
    demo.wait(&path, |answer| answer.status == 404).await;
    let left = cloud.engine.snapshot();
    assert_eq!((left.instances.len(), left.volumes.len()), (0, 0));
}
