//! `/images/{image_id}/file`, `/stage`, `/import`.

use serde_json::json;
use tokio::io::AsyncWriteExt;

use super::{body, create, send, sentence, upload};
use crate::support::TestCloud;

const MD5_OF_DATA: &str = "8d777f385d3dfec8815d20f7496026dc";

#[tokio::test]
async fn data_comes_back_as_it_went_in() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = create(&demo, body("x")).await;
    let path = format!("/image/v2/images/{id}");
    demo.get(&format!("{path}/file")).await.expect(204);
    upload(&demo, &id, b"data").await.expect(204);
    let shown = demo.get(&path).await.expect(200);
    assert_eq!(shown.text("/status"), "active");
    assert_eq!(shown.text("/checksum"), MD5_OF_DATA);
    assert_eq!(shown.text("/os_hash_algo"), "sha512");
    assert_eq!((&shown.body["size"], &shown.body["virtual_size"]), (&json!(4), &json!(4)));
    let data = demo.get(&format!("{path}/file")).await.expect(200);
    assert_eq!(data.bytes, b"data");
    assert_eq!(data.header("content-md5"), MD5_OF_DATA);
    assert_eq!(data.header("content-length"), "4");
    let again = upload(&demo, &id, b"other").await.expect(409);
    assert_eq!(sentence(&again), "Image status transition from active to saving is not allowed");
}

#[tokio::test]
async fn parts_are_served() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = create(&demo, body("x")).await;
    upload(&demo, &id, b"0123456789").await.expect(204);
    let path = format!("/image/v2/images/{id}/file");
    for (range, bytes, header) in
        [("bytes=0-3", "0123", "bytes 0-3/10"), ("bytes=-2", "89", "bytes 8-9/10")]
    {
        let part = demo.send(demo.request("GET", &path).header("Range", range)).await.expect(206);
        assert_eq!(part.bytes, bytes.as_bytes());
        assert_eq!(part.header("content-range"), header);
    }
    demo.send(demo.request("GET", &path).header("Range", "bytes=10-")).await.expect(416);
}

#[tokio::test]
async fn what_cannot_be_taken_is_told() {
    let cloud = TestCloud::builder().setting("image", "image_size_cap", "8").start().await;
    let demo = cloud.demo().await;
    let bare = create(&demo, json!({"name": "x"})).await;
    let refused = upload(&demo, &bare, b"data").await.expect(400);
    assert_eq!(
        sentence(&refused),
        "Properties disk_format, container_format must be set prior to saving data."
    );
    let id = create(&demo, body("x")).await;
    let path = format!("/image/v2/images/{id}");
    let refused = demo.put(&format!("{path}/file"), json!({})).await.expect(415);
    assert!(refused.message().ends_with("Invalid content type application/json"));
    let large = upload(&demo, &id, b"123456789").await.expect(413);
    assert!(sentence(&large).starts_with("The incoming image is too large"));
    assert_eq!(demo.get(&path).await.expect(200).text("/status"), "queued");
    upload(&demo, &id, b"12345678").await.expect(204);
}

#[tokio::test]
async fn an_upload_that_breaks_leaves_the_image_queued_and_no_file() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = create(&demo, body("x")).await;
    let path = format!("/image/v2/images/{id}");
    let host = cloud.url.trim_start_matches("http://");
    let head = format!(
        "PUT {path}/file HTTP/1.1\r\nHost: {host}\r\nX-Auth-Token: {}\r\n\
         Content-Type: application/octet-stream\r\nContent-Length: 1000\r\n\r\nhalf",
        demo.token
    );
    let mut client = tokio::net::TcpStream::connect(host).await.unwrap();
    client.write_all(head.as_bytes()).await.unwrap();
    demo.wait(&path, |answer| answer.optional("/status") == "saving").await;
    upload(&demo, &id, b"another").await.expect(409);
    drop(client);
    demo.wait(&path, |answer| answer.optional("/status") == "queued").await;
    let staging = cloud.folder().join("images/staging");
    assert_eq!(std::fs::read_dir(staging).unwrap().count(), 0);
    upload(&demo, &id, b"data").await.expect(204);
}

#[tokio::test]
async fn staged_data_is_imported() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = create(&demo, body("x")).await;
    let path = format!("/image/v2/images/{id}");
    let import = json!({"method": {"name": "glance-direct"}});
    demo.post(&format!("{path}/import"), import.clone()).await.expect(409);
    send(&demo, "PUT", &format!("{path}/stage"), b"data").await.expect(204);
    assert_eq!(demo.get(&path).await.expect(200).text("/status"), "uploading");
    let unknown = json!({"method": {"name": "nope"}});
    demo.post(&format!("{path}/import"), unknown).await.expect(400);
    demo.post(&format!("{path}/import"), import).await.expect(202);
    let shown = demo.get(&path).await.expect(200);
    assert_eq!(
        (shown.text("/status"), shown.text("/checksum")),
        ("active".into(), MD5_OF_DATA.into())
    );
    assert_eq!(demo.get(&format!("{path}/file")).await.expect(200).bytes, b"data");
}

#[tokio::test]
async fn data_outlives_a_kill_and_a_broken_upload_does_not() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let whole = create(&demo, body("whole")).await;
    upload(&demo, &whole, b"data").await.expect(204);
    let cut = create(&demo, body("cut")).await;
    let id = kit::ids::ImageId::from(cut.as_str());
    let broken = "UPDATE image SET status = 'saving' WHERE id = ?1";
    cloud.platform.store.write("test", move |tx| Ok(tx.execute(broken, [id])?)).await.unwrap();
    std::fs::write(cloud.folder().join("images/staging").join(&cut), b"half").unwrap();

    let cloud = cloud.kill_and_restart().await;
    let demo = cloud.demo().await;
    let data = demo.get(&format!("/image/v2/images/{whole}/file")).await.expect(200);
    assert_eq!(data.bytes, b"data");
    let shown = demo.get(&format!("/image/v2/images/{cut}")).await.expect(200);
    assert_eq!(shown.text("/status"), "queued");
    assert!(!cloud.folder().join("images/staging").join(&cut).exists());
}

#[tokio::test]
async fn the_data_of_a_deleted_image_goes_with_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = create(&demo, body("x")).await;
    upload(&demo, &id, b"data").await.expect(204);
    let file = cloud.folder().join("images").join(&id);
    assert!(file.exists());
    demo.delete(&format!("/image/v2/images/{id}")).await.expect(204);
    demo.wait("/image/v2/images", |_| !file.exists()).await;
}

#[tokio::test]
async fn an_image_of_the_engine_is_downloaded_as_docker_saves_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = demo.find("/image/v2/images?name=novadock/tiny", "images").await;
    let archive = demo.get(&format!("/image/v2/images/{id}/file")).await.expect(200);
    assert!(archive.bytes.windows(13).any(|window| window == b"manifest.json"));
    // Uploaded again it is an image of the project's own.
    let mut own = body("copy");
    own["container_format"] = json!("docker");
    let copy = create(&demo, own).await;
    upload(&demo, &copy, &archive.bytes).await.expect(204);
    let back = demo.get(&format!("/image/v2/images/{copy}/file")).await.expect(200);
    assert_eq!(back.bytes, archive.bytes);
}
