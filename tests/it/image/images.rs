//! `/images`: create, show, list, delete, deactivate, tags.

use serde_json::json;

use super::{body, create, names, sentence, upload};
use crate::support::TestCloud;

#[tokio::test]
async fn images_of_the_engine_are_listed_as_public_images() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let listed = demo.get("/image/v2/images?name=novadock/tiny").await.expect(200);
    let image = &listed.body["images"][0];
    assert_eq!(image["status"], json!("active"));
    assert_eq!(image["visibility"], json!("public"));
    assert_eq!(image["container_format"], json!("docker"));
    assert_eq!(image["docker_image"], json!("novadock/tiny:latest"));
    let path = format!("/image/v2/images/{}", image["id"].as_str().unwrap());
    demo.delete(&path).await.expect(403);
    cloud.admin().await.delete(&path).await.expect(409);
}

#[tokio::test]
async fn rows_follow_the_engine() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    cloud.engine.add_image("debian:12");
    let path = "/image/v2/images?name=debian:12";
    demo.wait(path, |answer| names(answer) == ["debian:12"]).await;
    cloud.engine.remove_behind_back("debian:12");
    demo.wait(path, |answer| names(answer).is_empty()).await;
}

#[tokio::test]
async fn an_image_is_made_shown_and_deleted() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let mut wanted = body("mine");
    wanted["os_distro"] = json!("alpine");
    wanted["tags"] = json!(["b", "a", "a"]);
    wanted["min_ram"] = json!(64);
    let made = demo.post("/image/v2/images", wanted).await.expect(201);
    let id = made.text("/id");
    assert_eq!(made.header("location"), format!("{}/image/v2/images/{id}", cloud.url));
    assert_eq!(made.text("/status"), "queued");
    assert_eq!(made.text("/visibility"), "shared");
    assert_eq!(made.text("/owner"), demo.project);
    assert_eq!(made.body["tags"], json!(["a", "b"]));
    let path = format!("/image/v2/images/{id}");
    assert_eq!(demo.get(&path).await.expect(200).body, made.body);
    demo.delete(&path).await.expect(204);
    let gone = demo.get(&path).await.expect(404);
    assert_eq!(sentence(&gone), format!("No image found with ID {id}"));
    let again = demo.delete(&path).await.expect(404);
    assert_eq!(sentence(&again), format!("Failed to find image {id} to delete"));
    let taken = demo.post("/image/v2/images", json!({"id": id})).await.expect(409);
    assert_eq!(sentence(&taken), format!("Image ID {id} already exists!"));
}

#[tokio::test]
async fn wrong_bodies_are_told_as_glance_tells_them() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    for (body, status, words) in [
        (json!(null), 400, "Body expected in request."),
        (json!({"name": 5}), 400, "Provided object does not match schema 'image': 5 is not of"),
        (json!({"min_ram": -1}), 400, "Invalid value '-1' for parameter 'min_ram': Cannot be"),
        (json!({"self": "x"}), 403, "Attribute 'self' is read-only."),
        (json!({"size": 5}), 403, "Attribute 'size' is read-only."),
        (
            json!({"deleted": "x"}),
            403,
            "Access was denied to this resource.<br /><br />\nAttribute",
        ),
        (
            json!({"visibility": "public"}),
            403,
            "You are not authorized to complete publicize_image",
        ),
        (json!({"owner": "x"}), 403, "You are not permitted to create images owned by 'x'"),
    ] {
        let refused = demo.post("/image/v2/images", body).await.expect(status);
        assert!(sentence(&refused).starts_with(words), "{}", refused.body);
    }
}

#[tokio::test]
async fn quotas_of_tags_and_properties_hold() {
    let cloud = TestCloud::builder()
        .setting("image", "image_tag_quota", "1")
        .setting("image", "image_property_quota", "1")
        .start()
        .await;
    let demo = cloud.demo().await;
    let refused = demo.post("/image/v2/images", json!({"tags": ["a", "b"]})).await.expect(413);
    assert!(sentence(&refused).ends_with("image tags. Attempted: 2, Maximum: 1"));
    demo.post("/image/v2/images", json!({"a": "1", "b": "2"})).await.expect(413);
    let id = create(&demo, json!({"tags": ["a"]})).await;
    demo.put(&format!("/image/v2/images/{id}/tags/b"), json!(null)).await.expect(413);
}

#[tokio::test]
async fn private_images_are_absent_for_others() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let mut private = body("secret");
    private["visibility"] = json!("private");
    let id = create(&admin, private).await;
    let path = format!("/image/v2/images/{id}");
    for answer in [
        demo.get(&path).await,
        demo.delete(&path).await,
        demo.get(&format!("{path}/file")).await,
        demo.post(&format!("{path}/actions/deactivate"), json!(null)).await,
        demo.put(&format!("{path}/tags/x"), json!(null)).await,
        demo.get(&format!("{path}/members")).await,
    ] {
        answer.expect(404);
    }
    let listed = demo.get("/image/v2/images").await.expect(200);
    assert!(!names(&listed).contains(&"secret".to_owned()));
}

#[tokio::test]
async fn community_images_are_listed_on_demand_only() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let mut open = body("open");
    open["visibility"] = json!("community");
    let id = create(&admin, open).await;
    demo.get(&format!("/image/v2/images/{id}")).await.expect(200);
    let usual = demo.get("/image/v2/images").await.expect(200);
    assert!(!names(&usual).contains(&"open".to_owned()));
    let asked = demo.get("/image/v2/images?visibility=community").await.expect(200);
    assert_eq!(names(&asked), ["open"]);
    demo.delete(&format!("/image/v2/images/{id}")).await.expect(403);
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    for name in ["a", "b", "c", "d", "e"] {
        create(&demo, body(name)).await;
    }
    let mut seen = Vec::new();
    let mut path = "/v2/images?limit=2&owner=".to_owned() + &demo.project + "&sort=name:asc";
    while !path.is_empty() {
        let page = demo.get(&format!("/image{path}")).await.expect(200);
        seen.extend(names(&page));
        path = page.optional("/next");
    }
    assert_eq!(seen, ["a", "b", "c", "d", "e"]);
    let unknown = demo.get("/image/v2/images?marker=nope").await.expect(400);
    assert_eq!(sentence(&unknown), "No image found with ID nope");
}

#[tokio::test]
async fn filters_choose() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let mut tagged = body("tagged");
    tagged["tags"] = json!(["x", "y"]);
    tagged["color"] = json!("blue");
    create(&demo, tagged).await;
    let mut hidden = body("hidden");
    hidden["os_hidden"] = json!(true);
    create(&demo, hidden).await;
    for (query, expected) in [
        ("tag=x&tag=y", vec!["tagged"]),
        ("tag=x&tag=z", vec![]),
        ("color=blue", vec!["tagged"]),
        ("name=in:tagged,other", vec!["tagged"]),
        ("os_hidden=true", vec!["hidden"]),
        ("status=queued", vec!["tagged"]),
        ("size_min=1&name=tagged", vec![]),
        ("created_at=gt:2099-01-01T00:00:00Z", vec![]),
    ] {
        let listed = demo.get(&format!("/image/v2/images?{query}")).await.expect(200);
        assert_eq!(names(&listed), expected, "{query}");
    }
    demo.get("/image/v2/images?limit=-1").await.expect(400);
    demo.get("/image/v2/images?sort_key=nope").await.expect(400);
}

#[tokio::test]
async fn a_protected_image_stays() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = create(&demo, json!({"protected": true})).await;
    let refused = demo.delete(&format!("/image/v2/images/{id}")).await.expect(403);
    assert_eq!(sentence(&refused), format!("Image {id} is protected and cannot be deleted."));
}

#[tokio::test]
async fn tags_come_and_go() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = create(&demo, body("tagged")).await;
    let tag = format!("/image/v2/images/{id}/tags/blue");
    demo.put(&tag, json!(null)).await.expect(204);
    demo.put(&tag, json!(null)).await.expect(204);
    let shown = demo.get(&format!("/image/v2/images/{id}")).await.expect(200);
    assert_eq!(shown.body["tags"], json!(["blue"]));
    demo.delete(&tag).await.expect(204);
    demo.delete(&tag).await.expect(404);
}

#[tokio::test]
async fn a_deactivated_image_keeps_its_data_to_itself() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = create(&demo, body("x")).await;
    let path = format!("/image/v2/images/{id}");
    let early = demo.post(&format!("{path}/actions/deactivate"), json!(null)).await.expect(403);
    assert_eq!(sentence(&early), "Not allowed to deactivate image in status 'queued'");
    upload(&demo, &id, b"data").await.expect(204);
    for _ in 0..2 {
        demo.post(&format!("{path}/actions/deactivate"), json!(null)).await.expect(204);
    }
    assert_eq!(demo.get(&path).await.expect(200).text("/status"), "deactivated");
    demo.get(&format!("{path}/file")).await.expect(403);
    cloud.admin().await.get(&format!("{path}/file")).await.expect(200);
    demo.post(&format!("{path}/actions/reactivate"), json!(null)).await.expect(204);
    demo.get(&format!("{path}/file")).await.expect(200);
}
