//! Clients that are slow, broken or hostile: each costs its own connection and nothing else.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Session, TestCloud};

const KEYPAIRS: &str = "/compute/v2.1/os-keypairs";
/// However busy the machine is, an answer that is coming has come by then.
const PATIENCE: Duration = Duration::from_mins(1);

impl TestCloud {
    /// A bare connection that has sent `bytes`; the cloud may close it before it took them all.
    async fn raw(&self, bytes: &[u8]) -> TcpStream {
        let address = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(bytes).await.ok();
        stream
    }

    /// All that the cloud says to these bytes before it closes the connection.
    async fn says_to(&self, bytes: &[u8]) -> String {
        let mut stream = self.raw(bytes).await;
        stream.shutdown().await.ok();
        read_to_end(&mut stream).await
    }
}

async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    // A connection that is reset has still said what it had said.
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut said)).await.unwrap().ok();
    String::from_utf8_lossy(&said).into_owned()
}

/// The head of a request to make a key pair, with this body to come.
fn creation(session: &Session, body_header: &str) -> String {
    format!(
        "POST {KEYPAIRS} HTTP/1.1\r\nHost: novadock\r\nX-Auth-Token: {}\r\n\
         Content-Type: application/json\r\n{body_header}\r\n\r\n",
        session.token
    )
}

async fn assert_well(session: &Session) {
    let keypairs = session.get(KEYPAIRS).await.expect(200);
    assert_eq!(keypairs.body["keypairs"], serde_json::json!([]), "a broken request made something");
}

#[tokio::test]
async fn clients_that_stop_half_way_hold_nobody_up() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let mut held = Vec::new();
    let half_a_body = format!("{}{{\"keypair\": {{", creation(&demo, "Content-Length: 1000"));
    for half in ["GET / HT", "GET /compute/v2.1/ HTTP/1.1\r\nHost:", half_a_body.as_str()] {
        for _ in 0..64 {
            held.push(cloud.raw(half.as_bytes()).await);
        }
    }
    assert_well(&demo).await;
    drop(held);
    assert_well(&demo).await;
}

#[tokio::test]
async fn a_body_that_breaks_off_makes_nothing() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let whole = r#"{"keypair": {"name": "x"}}"#;
    for (header, body) in [
        (format!("Content-Length: {}", whole.len() + 1), whole.to_owned()),
        ("Transfer-Encoding: chunked".to_owned(), format!("{:x}\r\n{whole}\r\n", whole.len())),
        ("Transfer-Encoding: chunked".to_owned(), "FFFFFFFFFFFFFFFFF\r\n{}".to_owned()),
        ("Transfer-Encoding: chunked".to_owned(), "-1\r\n{}\r\n0\r\n\r\n".to_owned()),
    ] {
        let request = format!("{}{body}", creation(&demo, &header));
        let said = cloud.says_to(request.as_bytes()).await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 400 "), "{header}: {said}");
        assert_well(&demo).await;
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_has_come() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let mut request = creation(&demo, "Content-Length: 1000000000").into_bytes();
    request.resize(request.len() + 200_000, b' ');
    let mut stream = cloud.raw(&request).await;
    let mut start = [0; 12];
    tokio::time::timeout(PATIENCE, stream.read_exact(&mut start)).await.unwrap().unwrap();
    assert_eq!(&start, b"HTTP/1.1 413");
    assert_well(&demo).await;
}

#[tokio::test]
async fn what_is_not_http_is_refused_and_forgotten() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let endless_header = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(2_000_000));
    let many_headers = format!("GET / HTTP/1.1\r\n{}\r\n", "X: x\r\n".repeat(10_000));
    for nonsense in
        ["\0\0\0\0\r\n\r\n", "\x16\x03\x01\x02\x00", "GET /", &endless_header, &many_headers]
    {
        let said = cloud.says_to(nonsense.as_bytes()).await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{said}");
        assert_well(&demo).await;
    }
}

#[tokio::test]
async fn json_without_a_bottom_is_malformed() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    for body in ["[".repeat(50_000), "{\"a\":".repeat(20_000), "\"\\ud800\"".to_owned()] {
        let header = format!("Content-Length: {}\r\nConnection: close", body.len());
        let said = cloud.says_to(format!("{}{body}", creation(&demo, &header)).as_bytes()).await;
        assert!(said.starts_with("HTTP/1.1 400 "), "{said}");
        assert!(said.contains(r#"{"badRequest""#), "{said}");
    }
    assert_well(&demo).await;
}

#[tokio::test]
async fn a_url_of_any_bytes_is_answered_in_the_dialect() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    for path in ["%00", "%ff%fe", "..%2f..%2fetc", "a'%20OR%201=1", "%F0%9F%90%B3"] {
        let refused = demo.get(&format!("/compute/v2.1/servers/{path}")).await.expect(404);
        assert!(refused.body.get("itemNotFound").is_some(), "{path}: {}", refused.body);
    }
}
