//! `/servers`: from the request to a guest on the engine, and away again.

use kit::engine::Instances;
use serde_json::{Value, json};

use crate::support::session::Session;
use crate::support::{Answer, TestCloud};

pub(super) const SERVERS: &str = "/compute/v2.1/servers";

/// The image that can boot.
async fn image(session: &Session) -> String {
    session.wait("/image/v2/images", |answer| answer.body["images"][0]["id"].is_string()).await;
    session.find("/image/v2/images", "images").await
}

/// A request for a server without networks.
async fn body(session: &Session, name: &str) -> Value {
    let image = image(session).await;
    json!({"server": {"name": name, "flavorRef": "42", "imageRef": image, "networks": "none"}})
}

/// The same with more of it.
pub(crate) async fn body_with(session: &Session, name: &str, more: Value) -> Value {
    let mut body = body(session, name).await;
    body["server"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

pub(super) async fn settled(session: &Session, path: &str, status: &str) -> Answer {
    let wanted = |answer: &Answer| {
        answer.body["server"]["status"] == status
            && answer.body["server"]["OS-EXT-STS:task_state"].is_null()
    };
    session.wait(path, wanted).await
}

pub(crate) async fn boot(session: &Session, body: Value) -> String {
    let made = session.post(SERVERS, body).await.expect(202);
    let path = format!("{SERVERS}/{}", made.text("/server/id"));
    settled(session, &path, "ACTIVE").await;
    path
}

pub(crate) async fn active(session: &Session, name: &str) -> String {
    boot(session, body(session, name).await).await
}

pub(super) async fn act(session: &Session, path: &str, body: Value) -> Answer {
    session.post(&format!("{path}/action"), body).await
}

pub(crate) fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn a_server_boots_and_goes() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let made = demo.post(SERVERS, body(&demo, "web 1").await).await.expect(202);
    let path = format!("{SERVERS}/{}", made.text("/server/id"));
    assert_eq!(made.header("location"), format!("{}{path}", cloud.url));
    assert!(made.text("/server/adminPass").len() >= 12);
    let server = settled(&demo, &path, "ACTIVE").await;
    assert_eq!(server.text("/server/name"), "web 1");
    assert_eq!(server.text("/server/OS-EXT-SRV-ATTR:hostname"), "web-1");
    assert_eq!(server.body["server"]["OS-EXT-STS:power_state"], 1);
    demo.delete(&path).await.expect(204);
    let gone = demo.wait(&path, |answer| answer.status == 404).await;
    assert_eq!(gone.message(), format!("Instance {} could not be found.", id(&path)));
    assert!(cloud.engine.list().await.unwrap().is_empty(), "the guest is gone too");
}

#[tokio::test]
async fn a_server_lands_on_the_network_asked_for() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let network = demo.find("/network/v2.0/networks?name=shared", "networks").await;
    let asked = json!({"networks": [{"uuid": network, "fixed_ip": "172.24.16.77"}]});
    let path = boot(&demo, body_with(&demo, "net", asked).await).await;
    let server = demo.get(&path).await.expect(200);
    assert_eq!(server.text("/server/addresses/shared/0/addr"), "172.24.16.77");
    assert_eq!(server.text("/server/security_groups/0/name"), "default");
    let guest = cloud.engine.inspect(&format!("nova-{}", id(&path))).await.unwrap().unwrap();
    assert_eq!(guest.attachments[0].addresses[0].to_string(), "172.24.16.77");
    let ips = demo.get(&format!("{path}/ips/shared")).await.expect(200);
    assert_eq!(ips.body, json!({"shared": [{"version": 4, "addr": "172.24.16.77"}]}));
    let found = demo.get(&format!("{SERVERS}?ip=16.77")).await.expect(200);
    assert_eq!(found.body["servers"].as_array().unwrap().len(), 1);
    demo.delete(&path).await.expect(204);
    demo.wait(&path, |answer| answer.status == 404).await;
    let ports = demo.get("/network/v2.0/ports").await.expect(200);
    assert_eq!(ports.body["ports"].as_array().unwrap().len(), 0, "the port went with it");
}

#[tokio::test]
async fn a_server_joins_and_leaves_security_groups() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let group = json!({"security_group": {"name": "web"}});
    let group = demo.post("/network/v2.0/security-groups", group).await.expect(201);
    let group = group.text("/security_group/id");
    let networks =
        json!([{"uuid": demo.find("/network/v2.0/networks?name=shared", "networks").await}]);
    let path = boot(&demo, body_with(&demo, "web", json!({"networks": networks})).await).await;
    let change = |key: &str, name: &str| json!({key: {"name": name}});
    let names = async || -> Vec<String> {
        let groups = demo.get(&format!("{path}/os-security-groups")).await.expect(200);
        let groups = groups.body["security_groups"].as_array().unwrap().clone();
        groups.iter().map(|group| group["name"].as_str().unwrap().to_owned()).collect()
    };
    act(&demo, &path, change("addSecurityGroup", "web")).await.expect(202);
    act(&demo, &path, change("addSecurityGroup", &group)).await.expect(400);
    let mut joined = names().await;
    joined.sort();
    assert_eq!(joined, ["default", "web"]);
    act(&demo, &path, change("removeSecurityGroup", "web")).await.expect(202);
    assert_eq!(names().await, ["default"]);
    let left = act(&demo, &path, change("removeSecurityGroup", "web")).await.expect(404);
    let sentence = format!("Security group web not associated with the instance {}", id(&path));
    assert_eq!(left.message(), sentence);
    let unknown = act(&demo, &path, change("addSecurityGroup", "none")).await.expect(404);
    let sentence = format!("Security group none is not found for project {}", demo.project);
    assert_eq!(unknown.message(), sentence);
    let alone = active(&demo, "alone").await;
    let refused = act(&demo, &alone, change("addSecurityGroup", "web")).await.expect(404);
    assert!(refused.message().ends_with("could not be found as device id on any ports"));
}

#[tokio::test]
async fn actions_walk_through_the_states() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "s").await;
    let walk = [
        ("os-stop", Value::Null, "SHUTOFF"),
        ("os-start", Value::Null, "ACTIVE"),
        ("reboot", json!({"type": "SOFT"}), "ACTIVE"),
        ("reboot", json!({"type": "HARD"}), "ACTIVE"),
        ("pause", Value::Null, "PAUSED"),
        ("unpause", Value::Null, "ACTIVE"),
        ("suspend", Value::Null, "SUSPENDED"),
        ("resume", Value::Null, "ACTIVE"),
    ];
    for (action, argument, status) in walk {
        act(&demo, &path, json!({action: argument})).await.expect(202);
        settled(&demo, &path, status).await;
    }
    let actions = demo.get(&format!("{path}/os-instance-actions")).await.expect(200);
    let labels: Vec<&str> = actions.body["instanceActions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|action| action["action"].as_str().unwrap())
        .collect();
    let expected =
        ["resume", "suspend", "unpause", "pause", "reboot", "reboot", "start", "stop", "create"];
    assert_eq!(labels, expected);
}

#[tokio::test]
async fn an_action_that_does_not_fit_the_state_is_a_conflict() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "s").await;
    for (action, name) in [("os-start", "start"), ("unpause", "unpause"), ("resume", "resume")] {
        let refused = act(&demo, &path, json!({action: null})).await.expect(409);
        let sentence =
            format!("Cannot '{name}' instance {} while it is in vm_state active", id(&path));
        assert_eq!(refused.message(), sentence);
    }
    let nowhere = format!("{SERVERS}/00000000-0000-0000-0000-00000000dead");
    let unknown = act(&demo, &nowhere, json!({"os-stop": null})).await.expect(404);
    assert!(unknown.message().ends_with("has no mapping to a cell."), "{}", unknown.message());
    let restore = act(&demo, &path, json!({"restore": null})).await.expect(409);
    assert!(restore.message().contains("vm_state active"));
}

#[tokio::test]
async fn a_lock_keeps_members_out() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await.at("2.96"), cloud.admin().await.at("2.96"));
    let path = active(&demo, "s").await;
    act(&admin, &path, json!({"lock": {"locked_reason": "mine"}})).await.expect(202);
    let server = demo.get(&path).await.expect(200);
    assert_eq!(server.body["server"]["locked"], true);
    assert_eq!(server.text("/server/locked_reason"), "mine");
    let refused = act(&demo, &path, json!({"os-stop": null})).await.expect(409);
    assert_eq!(refused.message(), format!("Instance {} is locked", id(&path)));
    demo.delete(&path).await.expect(409);
    demo.put(&path, json!({"server": {"name": "t"}})).await.expect(200);
    act(&demo, &path, json!({"unlock": null})).await.expect(403);
    act(&admin, &path, json!({"unlock": null})).await.expect(202);
    demo.delete(&path).await.expect(204);
}

#[tokio::test]
async fn metadata_and_tags_are_changed_one_by_one_and_all_together() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let asked = json!({"metadata": {"k": "v"}, "tags": ["x"]});
    let path = boot(&demo, body_with(&demo, "s", asked).await).await;
    let metadata = format!("{path}/metadata");
    let added = demo.post(&metadata, json!({"metadata": {"a": "b"}})).await.expect(200);
    assert_eq!(added.body, json!({"metadata": {"k": "v", "a": "b"}}));
    let item = format!("{metadata}/a");
    demo.put(&item, json!({"meta": {"a": "c"}})).await.expect(200);
    demo.put(&item, json!({"meta": {"z": "c"}})).await.expect(400);
    demo.delete(&item).await.expect(204);
    demo.get(&item).await.expect(404);
    demo.put(&metadata, json!({"metadata": {"only": "one"}})).await.expect(200);
    assert_eq!(demo.get(&metadata).await.body, json!({"metadata": {"only": "one"}}));
    let tags = format!("{path}/tags");
    demo.put(&format!("{tags}/y"), Value::Null).await.expect(201);
    demo.put(&format!("{tags}/y"), Value::Null).await.expect(204);
    demo.get(&format!("{tags}/y")).await.expect(204);
    demo.delete(&format!("{tags}/x")).await.expect(204);
    demo.delete(&format!("{tags}/x")).await.expect(404);
    assert_eq!(demo.get(&tags).await.body, json!({"tags": ["y"]}));
    demo.put(&tags, json!({"tags": ["b", "a"]})).await.expect(200);
    let found = demo.get(&format!("{SERVERS}?tags=a,b")).await.expect(200);
    assert_eq!(found.body["servers"].as_array().unwrap().len(), 1);
    demo.delete(&tags).await.expect(204);
    demo.at("2.25").get(&tags).await.expect(404);
}

#[tokio::test]
async fn a_hundred_requests_at_once_get_ten_servers() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let body = body(&demo, "crowd").await;
    let requests = (0..100).map(|_| demo.post(SERVERS, body.clone()));
    let answers = futures_util::future::join_all(requests).await;
    let made = answers.iter().filter(|answer| answer.status == 202).count();
    assert_eq!(made, 10);
    let refused = answers.iter().find(|answer| answer.status == 403).unwrap();
    assert_eq!(
        refused.message(),
        "Quota exceeded for instances: Requested 1, but already used 10 of 10 instances"
    );
    let rows = demo.get(SERVERS).await.expect(200);
    assert_eq!(rows.body["servers"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn several_servers_are_numbered_and_share_a_reservation() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let asked = json!({"min_count": 2, "max_count": 20, "return_reservation_id": true});
    let made = demo.post(SERVERS, body_with(&demo, "n", asked).await).await.expect(202);
    assert!(made.text("/reservation_id").starts_with("r-"));
    let page = demo.get(&format!("{SERVERS}?sort_key=display_name&sort_dir=asc")).await.expect(200);
    let names: Vec<&str> = page.body["servers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|server| server["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), 10, "as many as the quota admits");
    assert_eq!(&names[..2], ["n-1", "n-10"]);
    let asked = json!({"min_count": 2, "max_count": 3});
    let refused = demo.post(SERVERS, body_with(&demo, "m", asked).await).await.expect(403);
    assert!(refused.message().contains("Requested 2-3, but already used 10 of 10"));
}

#[tokio::test]
async fn pages_of_servers_follow_each_other() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let asked = json!({"min_count": 5});
    demo.post(SERVERS, body_with(&demo, "p", asked).await).await.expect(202);
    let mut path = format!("{SERVERS}/detail?limit=2&sort_key=display_name&sort_dir=asc");
    let mut seen = Vec::new();
    loop {
        let page = demo.get(&path).await.expect(200);
        let rows = page.body["servers"].as_array().unwrap().clone();
        seen.extend(rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()));
        let next = page.optional("/servers_links/0/href");
        if next.is_empty() {
            break;
        }
        path = next.trim_start_matches(&cloud.url).to_owned();
    }
    assert_eq!(seen, ["p-1", "p-2", "p-3", "p-4", "p-5"]);
    let unknown = demo.get(&format!("{SERVERS}?marker=nope")).await.expect(400);
    assert_eq!(unknown.message(), "marker [nope] not found");
}

#[tokio::test]
async fn filters_find_and_refuse_as_nova_does() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await.at("2.96"), cloud.admin().await.at("2.96"));
    active(&demo, "alpha").await;
    active(&demo, "beta").await;
    let count = async |session: &Session, query: &str| {
        let answer = session.get(&format!("{SERVERS}{query}")).await.expect(200);
        answer.body["servers"].as_array().unwrap().len()
    };
    for (query, found) in [
        ("?name=^al", 1),
        ("?status=active", 2),
        ("?status=ERROR", 0),
        ("?vm_state=active", 2),
        ("?power_state=1", 2),
        ("?flavor=42", 2),
        ("?locked=true", 0),
        ("?not-tags=a", 2),
        ("?changes-since=2020-01-01T00:00:00Z", 2),
        ("?changes-before=2020-01-01T00:00:00Z", 0),
        ("?limit=0", 0),
        ("?deleted=true", 2),
    ] {
        assert_eq!(count(&demo, query).await, found, "{query}");
    }
    let latest =
        demo.get(&format!("{SERVERS}/detail?sort_key=updated_at&limit=1")).await.expect(200);
    let changed = format!("?changes-before={}", latest.text("/servers/0/updated"));
    assert_eq!(count(&demo, &changed).await, 2, "by the seconds that are told");
    assert_eq!(count(&admin, "").await, 0);
    assert_eq!(count(&admin, "?all_tenants=1").await, 2);
    let refused = demo.get(&format!("{SERVERS}?all_tenants=1")).await.expect(403);
    assert!(refused.message().contains("os_compute_api:servers:index:get_all_tenants"));
    let invalid = demo.get(&format!("{SERVERS}?status=NOPE")).await.expect(400);
    assert_eq!(invalid.message(), "Invalid status value");
    assert_eq!(count(&demo.at("2.37"), "?status=NOPE").await, 0);
}

#[tokio::test]
async fn a_flavor_that_no_host_has_leaves_a_server_in_error() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await.at("2.96"), cloud.admin().await.at("2.96"));
    let huge =
        json!({"flavor": {"id": "huge", "name": "huge", "ram": 512, "vcpus": 9999, "disk": 1}});
    admin.post("/compute/v2.1/flavors", huge).await.expect(200);
    let quota = format!("/compute/v2.1/os-quota-sets/{}", demo.project);
    admin.put(&quota, json!({"quota_set": {"cores": -1}})).await.expect(200);
    let asked = body_with(&demo, "huge", json!({"flavorRef": "huge"})).await;
    let made = demo.post(SERVERS, asked).await.expect(202);
    let path = format!("{SERVERS}/{}", made.text("/server/id"));
    let server = settled(&demo, &path, "ERROR").await;
    assert_eq!(server.text("/server/fault/message"), "No valid host was found. ");
    assert_eq!(server.body["server"]["fault"]["code"], 500);
    assert!(server.body["server"]["fault"].get("details").is_none(), "not for members");
    let actions = demo.get(&format!("{path}/os-instance-actions")).await.expect(200);
    assert_eq!(actions.text("/instanceActions/0/message"), "Error");
    let request = actions.text("/instanceActions/0/request_id");
    let action = admin.get(&format!("{path}/os-instance-actions/{request}")).await.expect(200);
    assert_eq!(action.text("/instanceAction/events/0/host"), "sim", "who looked for a host");
    demo.delete(&path).await.expect(204);
    demo.wait(&path, |answer| answer.status == 404).await;
}

#[tokio::test]
async fn others_do_not_see_a_server() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await.at("2.96"), cloud.admin().await.at("2.96"));
    let path = boot(&admin, body(&admin, "theirs").await).await;
    for answer in [
        demo.get(&path).await,
        demo.put(&path, json!({"server": {"name": "mine"}})).await,
        demo.delete(&path).await,
        act(&demo, &path, json!({"pause": null})).await,
    ] {
        assert_eq!(
            answer.expect(404).message(),
            format!("Instance {} could not be found.", id(&path))
        );
    }
}

#[tokio::test]
async fn a_guest_that_ends_by_itself_shuts_its_server_off() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "s").await;
    cloud.engine.stop(&format!("nova-{}", id(&path)), 0).await.unwrap();
    let server = settled(&demo, &path, "SHUTOFF").await;
    assert_eq!(server.body["server"]["OS-EXT-STS:power_state"], 4);
    let console = act(&demo, &path, json!({"os-getConsoleOutput": {}})).await.expect(200);
    assert!(console.text("/output").contains("the guest ended with exit code"));
    act(&demo, &path, json!({"os-start": null})).await.expect(202);
    settled(&demo, &path, "ACTIVE").await;
}

/// Two networks, the second of the caller's own.
async fn two_networks(demo: &Session) -> Value {
    let network = json!({"network": {"name": "second"}});
    let second = demo.post("/network/v2.0/networks", network).await.expect(201);
    let second = second.text("/network/id");
    let subnet = json!({"network_id": second, "ip_version": 4, "cidr": "10.77.0.0/24"});
    demo.post("/network/v2.0/subnets", json!({"subnet": subnet})).await.expect(201);
    let shared = demo.find("/network/v2.0/networks?name=shared", "networks").await;
    json!([{"uuid": shared}, {"uuid": second}])
}

/// MAC by address, as the API has them.
async fn macs_of(demo: &Session, path: &str) -> Vec<(String, String)> {
    let server = demo.get(path).await.expect(200);
    let addresses = server.body["server"]["addresses"].as_object().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = addresses.values().flat_map(|list| list.as_array().unwrap());
    let mut all: Vec<_> =
        all.map(|one| (text(&one["addr"]), text(&one["OS-EXT-IPS-MAC:mac_addr"]))).collect();
    all.sort();
    all
}

#[tokio::test]
async fn a_guest_has_all_interfaces_of_its_server_whenever_it_starts() {
    let cloud = TestCloud::start().await;
    cloud.engine.choose_later_macs();
    let demo = cloud.demo().await.at("2.96");
    let asked = json!({"networks": two_networks(&demo).await, "config_drive": true});
    let path = boot(&demo, body_with(&demo, "two", asked).await).await;
    let name = format!("nova-{}", id(&path));
    let interfaces = async || {
        let guest = cloud.engine.inspect(&name).await.unwrap().unwrap();
        let all = guest.attachments.into_iter();
        let mut all: Vec<_> = all.map(|one| (one.addresses[0].to_string(), one.mac)).collect();
        all.sort();
        all
    };
    let at_first = interfaces().await;
    assert_eq!(at_first.len(), 2);
    assert_eq!(macs_of(&demo, &path).await, at_first, "the API says what the guest has");
    let drive = cloud.platform.data_dir.join("config-drive").join(id(&path));
    let told = drive.join("openstack/latest/network_data.json");
    let told = std::fs::read_to_string(told).unwrap();
    assert!(at_first.iter().all(|(_, mac)| told.contains(mac)), "so does its drive: {told}");

    // As a start leaves it that was cut off.
    act(&demo, &path, json!({"os-stop": null})).await.expect(202);
    settled(&demo, &path, "SHUTOFF").await;
    let network = cloud.engine.inspect(&name).await.unwrap().unwrap().attachments[1].clone();
    cloud.engine.detach(&name, &network.network).await.unwrap();
    act(&demo, &path, json!({"os-start": null})).await.expect(202);
    settled(&demo, &path, "ACTIVE").await;
    assert_eq!(interfaces().await, at_first);
    assert_eq!(macs_of(&demo, &path).await, at_first);
}

#[tokio::test]
async fn a_snapshot_becomes_an_image() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "s").await;
    let made = act(&demo, &path, json!({"createImage": {"name": "snap"}})).await.expect(202);
    let image = format!("/image/v2/images/{}", made.text("/image_id"));
    demo.wait(&image, |answer| answer.body["status"] == "active").await;
    settled(&demo, &path, "ACTIVE").await;
    let asked = json!({"imageRef": made.text("/image_id")});
    boot(&demo, body_with(&demo, "again", asked).await).await;
    let old =
        act(&demo.at("2.1"), &path, json!({"createImage": {"name": "snap2"}})).await.expect(202);
    assert!(old.header("location").contains("/images/"));
}

#[tokio::test]
async fn metadata_of_a_snapshot_goes_before_what_is_told_of_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "s").await;
    let asked = json!({"createImage": {"name": "snap", "metadata": {"image_type": "golden"}}});
    let made = act(&demo, &path, asked).await.expect(202);
    let image = demo.get(&format!("/image/v2/images/{}", made.text("/image_id"))).await.expect(200);
    assert_eq!(image.text("/image_type"), "golden");
    assert_eq!(image.text("/instance_uuid"), id(&path));
}

#[tokio::test]
async fn before_2_39_metadata_of_a_snapshot_is_counted() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.38");
    let path = active(&demo, "s").await;
    let quota = format!("/compute/v2.1/os-quota-sets/{}", demo.project);
    let limit = json!({"quota_set": {"metadata_items": 1}});
    cloud.admin().await.put(&quota, limit).await.expect(200);
    let asked = json!({"createImage": {"name": "snap", "metadata": {"a": "1", "b": "2"}}});
    let refused = act(&demo, &path, asked.clone()).await.expect(403);
    assert_eq!(refused.text("/forbidden/message"), "Image metadata limit exceeded");
    let one = json!({"createImage": {"name": "snap", "metadata": {"a": "1"}}});
    act(&demo, &path, one).await.expect(202);
    settled(&demo, &path, "ACTIVE").await;
    act(&demo.at("2.39"), &path, asked).await.expect(202);
}

#[tokio::test]
async fn access_addresses_are_shown_in_their_shortest_spelling() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let asked = json!({"accessIPv4": "1.1.1.1", "accessIPv6": "0000:0:0:0:0:babe:220.12.22.2"});
    let path = boot(&demo, body_with(&demo, "s", asked).await).await;
    let server = demo.get(&path).await.expect(200);
    assert_eq!(server.text("/server/accessIPv4"), "1.1.1.1");
    assert_eq!(server.text("/server/accessIPv6"), "::babe:dc0c:1602");
    let changed = json!({"server": {"accessIPv6": "FE80:0::1"}});
    let changed = demo.put(&path, changed).await.expect(200);
    assert_eq!(changed.text("/server/accessIPv6"), "fe80::1");
}

#[tokio::test]
async fn a_cloud_that_is_killed_finishes_its_boots() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let asked = json!({"min_count": 8});
    demo.post(SERVERS, body_with(&demo, "k", asked).await).await.expect(202);
    let cloud = cloud.kill_and_restart().await;
    let demo = cloud.demo().await.at("2.96");
    demo.wait(&format!("{SERVERS}?status=ACTIVE"), |answer| {
        answer.body["servers"].as_array().is_some_and(|rows| rows.len() == 8)
    })
    .await;
    assert_eq!(cloud.engine.list().await.unwrap().len(), 8, "one guest each");
}

#[tokio::test]
async fn bad_requests_have_novas_words() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let unknown = "00000000-0000-0000-0000-00000000dead";
    for (more, status, sentence) in [
        (json!({"flavorRef": "999"}), 400, "Flavor 999 could not be found."),
        (json!({"imageRef": unknown}), 400, "Can not find requested image"),
        (json!({"imageRef": ""}), 400, "Missing imageRef attribute"),
        (json!({"min_count": 3, "max_count": 2}), 400, "min_count must be <= max_count"),
        (json!({"key_name": "nope"}), 400, "Invalid key_name provided."),
        (
            json!({"availability_zone": "mars"}),
            400,
            "The requested availability zone is not available",
        ),
        (
            json!({"availability_zone": "nova:host"}),
            403,
            "Policy doesn't allow os_compute_api:servers:create:forced_host to be performed.",
        ),
        (
            json!({"networks": [{"uuid": unknown}]}),
            400,
            "Network 00000000-0000-0000-0000-00000000dead could not be found.",
        ),
        (
            json!({"hostname": "h", "max_count": 2}),
            400,
            "Unable to allocate a single hostname to multiple instances",
        ),
    ] {
        let told = more.to_string();
        let refused = demo.post(SERVERS, body_with(&demo, "bad", more).await).await.expect(status);
        assert_eq!(refused.message(), sentence, "{told}");
    }
    let mut hinted = body(&demo, "hint").await;
    hinted["os:scheduler_hints"] = json!({"group": unknown});
    let refused = demo.post(SERVERS, hinted).await.expect(400);
    assert_eq!(refused.message(), format!("Instance group {unknown} could not be found."));
}

#[tokio::test]
async fn each_version_shows_its_fields() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let path = active(&demo.at("2.96"), "s").await;
    let keys = async |version: &str| -> Vec<String> {
        let answer = demo.at(version).get(&path).await.expect(200);
        answer.body["server"].as_object().unwrap().keys().cloned().collect()
    };
    let at_first = keys("2.1").await;
    for (version, brought) in [
        ("2.9", "locked"),
        ("2.19", "description"),
        ("2.26", "tags"),
        ("2.63", "trusted_image_certificates"),
        ("2.71", "server_groups"),
        ("2.73", "locked_reason"),
        ("2.90", "OS-EXT-SRV-ATTR:hostname"),
        ("2.96", "pinned_availability_zone"),
        ("2.100", "scheduler_hints"),
    ] {
        assert!(!at_first.iter().any(|key| key == brought), "{brought} at 2.1");
        assert!(keys(version).await.iter().any(|key| key == brought), "{brought} at {version}");
    }
    let flavor = |answer: Answer| answer.body["server"]["flavor"].clone();
    assert_eq!(flavor(demo.at("2.46").get(&path).await)["id"], "42");
    assert_eq!(flavor(demo.at("2.47").get(&path).await)["original_name"], "m1.nano");
    let renamed = demo.at("2.74").put(&path, json!({"server": {"name": "t"}})).await.expect(200);
    assert!(renamed.body["server"].get("OS-EXT-STS:vm_state").is_none());
    let renamed = demo.at("2.75").put(&path, json!({"server": {"name": "u"}})).await.expect(200);
    assert_eq!(renamed.text("/server/OS-EXT-STS:vm_state"), "active");
}
