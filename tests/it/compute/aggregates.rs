//! `/os-aggregates`, and the availability zones that they make.

use kit::engine::EngineImage;
use serde_json::{Value, json};

use super::servers::{body_with, boot};
use crate::support::{Answer, Session, TestCloud};

const PATH: &str = "/compute/v2.1/os-aggregates";

async fn create(admin: &Session, name: &str, zone: Value) -> String {
    let body = json!({"aggregate": {"name": name, "availability_zone": zone}});
    let made = admin.post(PATH, body).await.expect(200);
    format!("{PATH}/{}", made.body["aggregate"]["id"])
}

async fn act(admin: &Session, path: &str, action: &str, host: &str) -> Answer {
    admin.post(&format!("{path}/action"), json!({action: {"host": host}})).await
}

async fn host(admin: &Session) -> String {
    let services = "/compute/v2.1/os-services?binary=nova-compute";
    admin.get(services).await.expect(200).text("/services/0/host")
}

#[tokio::test]
async fn an_aggregate_is_made_shown_changed_and_deleted() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let body = json!({"aggregate": {"name": "rack-1", "availability_zone": "west"}});
    let made = admin.at("2.41").post(PATH, body).await.expect(200);
    assert_eq!(made.body["aggregate"]["hosts"], Value::Null, "Nova leaves it out");
    let path = format!("{PATH}/{}", made.body["aggregate"]["id"]);
    let shown = admin.get(&path).await.expect(200);
    assert_eq!(
        shown.body["aggregate"],
        json!({
            "id": made.body["aggregate"]["id"], "name": "rack-1", "availability_zone": "west",
            "hosts": [], "metadata": {"availability_zone": "west"}, "deleted": false,
            "deleted_at": null, "created_at": made.body["aggregate"]["created_at"],
            "updated_at": null,
        })
    );
    let metadata = json!({"set_metadata": {"metadata": {"ssd": "true", "gone": null}}});
    admin.post(&format!("{path}/action"), metadata).await.expect(200);
    let body = json!({"aggregate": {"name": "rack-2"}});
    let changed = admin.put(&path, body).await.expect(200);
    assert_eq!(changed.text("/aggregate/name"), "rack-2");
    assert_eq!(
        changed.body["aggregate"]["metadata"],
        json!({"availability_zone": "west", "ssd": "true"})
    );
    assert_eq!(admin.get(PATH).await.expect(200).body["aggregates"][0], changed.body["aggregate"]);
    admin.delete(&path).await.expect(200);
    let gone = admin.get(&path).await.expect(404);
    let id = path.rsplit('/').next().unwrap();
    assert_eq!(gone.message(), format!("Aggregate {id} could not be found."));
}

#[tokio::test]
async fn what_is_wrong_is_refused_in_novas_words() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let path = create(&admin, "one", Value::Null).await;
    let again = admin.post(PATH, json!({"aggregate": {"name": "one"}})).await.expect(409);
    assert_eq!(again.message(), "Aggregate one already exists.");
    let bad = admin.get(&format!("{PATH}/one")).await.expect(400);
    assert_eq!(bad.message(), "Invalid input received: id must be an integer");
    let unknown = act(&admin, &path, "add_host", "nowhere").await.expect(404);
    assert_eq!(unknown.message(), "Compute host nowhere could not be found.");
    let absent = act(&admin, &path, "remove_host", "nowhere").await.expect(404);
    assert!(absent.message().starts_with("Cannot remove host nowhere in aggregate "));
    let host = host(&admin).await;
    act(&admin, &path, "add_host", &host).await.expect(200);
    let twice = act(&admin, &path, "add_host", &host).await.expect(409);
    assert!(twice.message().ends_with(&format!("already has host {host}.")));
    let used = admin.delete(&path).await.expect(400);
    assert!(used.message().ends_with("Reason: Host aggregate is not empty."));
    let unnamed = json!({"aggregate": {"availability_zone": null}});
    let unnamed = admin.put(&path, unnamed).await.expect(400);
    assert!(
        unnamed
            .message()
            .ends_with("Aggregate one does not support empty named availability zone.")
    );
}

#[tokio::test]
async fn a_zone_is_where_its_hosts_are() {
    let cloud = TestCloud::start().await;
    let (admin, demo) = (cloud.admin().await, cloud.demo().await.at("2.37"));
    let host = host(&admin).await;
    let west = create(&admin, "west", json!("west")).await;
    act(&admin, &west, "add_host", &host).await.expect(200);
    let zones = demo.get("/compute/v2.1/os-availability-zone").await.expect(200);
    assert_eq!(zones.text("/availabilityZoneInfo/0/zoneName"), "west");

    let east = create(&admin, "east", json!("east")).await;
    let both = act(&admin, &east, "add_host", &host).await.expect(409);
    assert!(
        both.message().ends_with("One or more hosts already in availability zone(s) ['west'].")
    );

    let server =
        boot(&demo, body_with(&demo, "web", json!({"availability_zone": "west"})).await).await;
    let shown = demo.get(&server).await.expect(200);
    assert_eq!(shown.text("/server/OS-EXT-AZ:availability_zone"), "west");
    let leave = act(&admin, &west, "remove_host", &host).await.expect(409);
    assert!(leave.message().contains("would change from 'west' to 'None'"), "{}", leave.message());
    let body = json!({"aggregate": {"availability_zone": "north"}});
    let rename = admin.put(&west, body).await.expect(400);
    assert!(rename.message().ends_with("One or more hosts contain instances in this zone."));
}

#[tokio::test]
async fn the_hosts_of_an_aggregate_fetch_images() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await.at("2.81");
    cloud.engine.add_to_registry("docker.io/library/web:2");
    let image = json!({"name": "web", "docker_image": "web:2"});
    let image = admin.post("/image/v2/images", image).await.expect(201).text("/id");
    let path = create(&admin, "one", Value::Null).await;
    let images = format!("{path}/images");
    let cache = json!({"cache": [{"id": image}]});
    cloud.admin().await.at("2.80").post(&images, cache.clone()).await.expect(404);
    let twice = json!({"cache": [{"id": image}, {"id": image}]});
    let refused = admin.post(&images, twice).await.expect(400);
    assert_eq!(refused.message(), "Duplicate images in request");
    admin.post(&images, cache.clone()).await.expect(202);
    let is_wanted =
        |image: &EngineImage| image.references.iter().any(|name| name.ends_with("web:2"));
    let fetched = || cloud.engine.snapshot().images.iter().any(is_wanted);
    assert!(!fetched(), "no host was there");
    act(&admin, &path, "add_host", &host(&admin).await).await.expect(200);
    admin.post(&images, cache).await.expect(202);
    admin.wait(&path, |_| fetched()).await;
}
