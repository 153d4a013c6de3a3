//! `/images/{image_id}/members`.

use serde_json::json;

use super::{body, create, names, sentence};
use crate::support::TestCloud;

#[tokio::test]
async fn an_offered_image_is_listed_once_it_is_accepted() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let id = create(&admin, body("offered")).await;
    let members = format!("/image/v2/images/{id}/members");
    demo.get(&format!("/image/v2/images/{id}")).await.expect(404);
    let offer = json!({"member": demo.project});
    let made = admin.post(&members, offer.clone()).await.expect(200);
    assert_eq!(made.text("/status"), "pending");
    let again = admin.post(&members, offer).await.expect(409);
    assert_eq!(sentence(&again), format!("Member {} is duplicated for image {id}", demo.project));
    demo.get(&format!("/image/v2/images/{id}")).await.expect(200);
    assert!(names(&demo.get("/image/v2/images?visibility=shared").await).is_empty());
    let pending = demo.get("/image/v2/images?member_status=pending").await.expect(200);
    assert!(names(&pending).contains(&"offered".to_owned()));

    let own = format!("{members}/{}", demo.project);
    let wrong = demo.put(&own, json!({"status": "maybe"})).await.expect(400);
    assert!(sentence(&wrong).starts_with("Incorrect request: Status must be"));
    demo.put(&own, json!({"status": "accepted"})).await.expect(200);
    assert_eq!(names(&demo.get("/image/v2/images?visibility=shared").await), ["offered"]);

    admin.delete(&own).await.expect(204);
    admin.delete(&own).await.expect(404);
    demo.get(&format!("/image/v2/images/{id}")).await.expect(404);
}

#[tokio::test]
async fn owners_do_not_answer_for_members_and_members_see_themselves_only() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let id = create(&demo, body("offered")).await;
    let members = format!("/image/v2/images/{id}/members");
    demo.post(&members, json!({"member": "one"})).await.expect(200);
    demo.post(&members, json!({"member": "two"})).await.expect(200);
    demo.put(&format!("{members}/one"), json!({"status": "accepted"})).await.expect(403);
    let all = demo.get(&members).await.expect(200);
    assert_eq!(all.body["members"].as_array().unwrap().len(), 2);
    assert_eq!(admin.get(&format!("{members}/one")).await.expect(200).text("/member_id"), "one");
    demo.get(&format!("{members}/three")).await.expect(404);
}

#[tokio::test]
async fn only_shared_images_have_members() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let mut private = body("x");
    private["visibility"] = json!("private");
    let id = create(&demo, private).await;
    let members = format!("/image/v2/images/{id}/members");
    let refused = demo.get(&members).await.expect(403);
    assert_eq!(
        sentence(&refused),
        format!("Not allowed to list members for image {id}: Only shared images have members.")
    );
    demo.post(&members, json!({"member": "x"})).await.expect(403);
    demo.get(&format!("{members}/x")).await.expect(404);
    for (body, words) in [
        (json!(null), "Body expected in request."),
        (json!({}), "Member to be added not specified"),
        (json!({"member": ""}), "Member can't be empty"),
    ] {
        assert_eq!(sentence(&demo.post(&members, body).await.expect(400)), words);
    }
}
