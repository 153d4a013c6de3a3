//! `/images` and `/images/{image_id}/metadata`, as Nova had them.

use serde_json::json;

use crate::support::TestCloud;

const PATH: &str = "/compute/v2.1/images";

#[tokio::test]
async fn images_are_seen_through_nova_until_2_35() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let listed = demo.get(PATH).await.expect(200);
    let id = listed.text("/images/0/id");
    let shown = demo.get(&format!("{PATH}/{id}")).await.expect(200);
    assert_eq!(shown.text("/image/status"), "ACTIVE");
    assert_eq!(shown.body["image"]["progress"], 100);
    let alternate = shown.text("/image/links/2/href");
    assert_eq!(alternate, format!("{}/image/images/{id}", cloud.url));
    let detail = demo.get(&format!("{PATH}/detail?status=ACTIVE")).await.expect(200);
    assert_eq!(detail.body["images"][0], shown.body["image"]);
    let none = demo.get(&format!("{PATH}/detail?name=nothing")).await.expect(200);
    assert_eq!(none.body["images"], json!([]));
    demo.at("2.36").get(PATH).await.expect(404);
    let unknown = demo.get(&format!("{PATH}/nothing")).await.expect(404);
    assert_eq!(unknown.message(), "Image not found.");
}

#[tokio::test]
async fn properties_of_the_own_image_are_metadata_until_2_38() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let made = demo.post("/image/v2/images", json!({"name": "mine"})).await.expect(201);
    let image = format!("{PATH}/{}", made.text("/id"));
    let metadata = format!("{image}/metadata");
    let added = demo.post(&metadata, json!({"metadata": {"a": "1"}})).await.expect(200);
    assert_eq!(added.body, json!({"metadata": {"a": "1"}}));
    let one = json!({"meta": {"b": "2"}});
    assert_eq!(demo.put(&format!("{metadata}/b"), one.clone()).await.expect(200).body, one);
    let key = demo.at("2.38").get(&format!("{metadata}/b")).await.expect(200);
    assert_eq!(key.body, one);
    demo.at("2.39").get(&metadata).await.expect(404);
    demo.delete(&format!("{metadata}/a")).await.expect(204);
    let gone = demo.delete(&format!("{metadata}/a")).await.expect(404);
    assert_eq!(gone.message(), "Invalid metadata key");
    let replaced = demo.put(&metadata, json!({"metadata": {"c": "3"}})).await.expect(200);
    assert_eq!(replaced.body, json!({"metadata": {"c": "3"}}));
    demo.delete(&image).await.expect(204);
    demo.get(&image).await.expect(404);
}
