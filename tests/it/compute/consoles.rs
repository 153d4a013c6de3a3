//! Remote consoles: an address, good once, and a terminal behind it.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use kit::engine::Instances;
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::servers::{act, active, id};
use crate::support::{Session, TestCloud};

type Client = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn address(session: &Session, path: &str, protocol: &str, console_type: &str) -> String {
    let body = json!({"remote_console": {"protocol": protocol, "type": console_type}});
    let made = session.at("2.6").post(&format!("{path}/remote-consoles"), body).await.expect(200);
    made.text("/remote_console/url")
}

/// The status of the refusal, if it is one.
async fn open(url: &str, origin: Option<&str>) -> Result<Client, u16> {
    let mut request = url.into_client_request().unwrap();
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((client, _)) => Ok(client),
        Err(Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

/// What is shown until `wanted` is; everything when it ends before.
async fn shown(client: &mut Client, wanted: &str) -> String {
    let mut seen = Vec::new();
    let read = async {
        while let Some(Ok(message)) = client.next().await {
            seen.extend_from_slice(&message.into_data());
            if String::from_utf8_lossy(&seen).contains(wanted) {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(5), read).await.expect("the console goes on");
    String::from_utf8(seen).unwrap()
}

#[tokio::test]
async fn a_serial_console_is_a_terminal_in_the_guest() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let path = active(&demo.at("2.96"), "web").await;
    let url = address(&demo, &path, "serial", "serial").await;
    assert!(url.starts_with("ws://"), "{url}");

    let mut client = open(&url, None).await.unwrap();
    client.send(Message::binary("größer".as_bytes().to_vec())).await.unwrap();
    assert!(shown(&mut client, "größer").await.contains("80 columns, 24 rows"));
    client.send(Message::text(r#"{"columns": 132, "rows": 50}"#)).await.unwrap();
    shown(&mut client, "132 columns, 50 rows").await;
    client.send(Message::text("\rexit\r")).await.unwrap();
    shown(&mut client, "what never comes").await;
    assert_eq!(cloud.engine.terminals(&format!("nova-{}", id(&path))), 0);
}

#[tokio::test]
async fn an_address_is_good_once_and_not_for_long() {
    let cloud = TestCloud::builder().manual_clock().start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await.at("2.99"));
    let path = active(&demo.at("2.96"), "web").await;
    let url = address(&demo, &path, "serial", "serial").await;
    let (_, token) = url.split_once("token=").unwrap();
    let look = format!("/compute/v2.1/os-console-auth-tokens/{token}");
    let seen = admin.get(&look).await.expect(200);
    assert_eq!(seen.text("/console/instance_uuid"), id(&path));
    admin.at("2.30").get(&look).await.expect(400);

    assert_eq!(open(&url, Some("http://evil.example")).await.err(), Some(403));
    let client = open(&url, Some(&cloud.url)).await.unwrap();
    assert_eq!(open(&url, None).await.err(), Some(403));
    admin.get(&look).await.expect(404);
    drop(client);

    let url = address(&demo, &path, "serial", "serial").await;
    cloud.clock.advance_seconds(601);
    assert_eq!(open(&url, None).await.err(), Some(403));
}

#[tokio::test]
async fn a_session_ends_with_its_guest_and_leaves_nothing_when_its_client_goes() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let path = active(&demo.at("2.96"), "web").await;
    let guest = format!("nova-{}", id(&path));
    let mut leaver = open(&address(&demo, &path, "serial", "serial").await, None).await.unwrap();
    shown(&mut leaver, "$ ").await;
    assert_eq!(cloud.engine.terminals(&guest), 1);
    drop(leaver);
    let gone = async {
        while cloud.engine.terminals(&guest) > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), gone).await.expect("the terminal stays");

    let mut client = open(&address(&demo, &path, "serial", "serial").await, None).await.unwrap();
    shown(&mut client, "$ ").await;
    cloud.engine.stop(&guest, 0).await.unwrap();
    shown(&mut client, "what never comes").await;
}

#[tokio::test]
async fn the_page_of_a_console_brings_all_that_it_needs() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let path = active(&demo.at("2.96"), "web").await;
    let old = act(&demo, &path, json!({"os-getVNCConsole": {"type": "novnc"}})).await.expect(200);
    let url = old.text("/console/url");
    let page = cloud.nobody().get(url.strip_prefix(&cloud.url).unwrap()).await.expect(200);
    let html = String::from_utf8(page.bytes.clone()).unwrap();
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    for asset in ["xterm.js", "addon-fit.js", "console.js", "xterm.css"] {
        assert!(html.contains(asset) && !html.contains("://"), "{asset}");
        cloud.nobody().get(&format!("/compute/console/{asset}")).await.expect(200);
    }
    cloud.nobody().get("/compute/console/other.js").await.expect(404);
}

#[tokio::test]
async fn what_this_cloud_has_not_is_refused_as_nova_refuses_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let path = active(&demo.at("2.96"), "web").await;
    let told = async |version: &str, protocol: &str, console_type: &str| {
        let body = json!({"remote_console": {"protocol": protocol, "type": console_type}});
        let path = format!("{path}/remote-consoles");
        demo.at(version).post(&path, body).await.expect(400).message()
    };
    for (version, protocol, console_type, sentence) in [
        ("2.6", "spice", "spice-html5", "Unavailable console type spice-html5."),
        ("2.6", "rdp", "rdp-html5", "Unavailable console type rdp."),
        ("2.6", "vnc", "xvpvnc", "Invalid console type xvpvnc"),
        ("2.6", "serial", "novnc", "Invalid console type novnc"),
        ("2.8", "mks", "webmks", "Unavailable console type webmks."),
        ("2.99", "spice", "spice-direct", "Unavailable console type spice-direct."),
    ] {
        assert_eq!(told(version, protocol, console_type).await, sentence);
    }
    assert!(told("2.6", "mks", "webmks").await.contains("mks"));
    assert!(told("2.98", "spice", "spice-direct").await.contains("spice-direct"));
    let serial = json!({"os-getSerialConsole": {"type": "serial"}});
    act(&demo.at("2.6"), &path, serial).await.expect(404);
    act(&demo, &path, json!({"os-stop": null})).await.expect(202);
    super::servers::settled(&demo, &path, "SHUTOFF").await;
    let serial = json!({"os-getSerialConsole": {"type": "serial"}});
    let sentence = format!("Instance {} is not ready", id(&path));
    assert_eq!(act(&demo, &path, serial).await.expect(409).message(), sentence);
}
