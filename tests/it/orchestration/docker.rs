//! Containers by the Docker resource, under each of its names.

use serde_json::{Value, json};

use super::{Stack, url};
use crate::support::{Session, TestCloud};

const IMAGE: &str = "novadock/tiny";
const CURRENT: &str = "DockerInc::Docker::Container";

fn one(kind: &str, properties: Value) -> Value {
    json!({"stack_name": "s", "template": {
        "heat_template_version": "2018-08-31",
        "resources": {"box": {"type": kind, "properties": properties}},
    }})
}

/// A container of the current name with the image and these properties besides.
fn container(more: Value) -> Value {
    let mut properties = json!({"image": IMAGE});
    properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    one(CURRENT, properties)
}

async fn servers(session: &Session) -> Vec<Value> {
    let listed = session.get("/compute/v2.1/servers/detail").await.expect(200);
    listed.body["servers"].as_array().unwrap().clone()
}

async fn attributes(stack: &Stack<'_>, names: &[&str]) -> Value {
    let query: Vec<String> = names.iter().map(|name| format!("with_attr={name}")).collect();
    let shown = stack.get(&format!("/resources/box?{}", query.join("&"))).await;
    shown.body["resource"]["attributes"].clone()
}

#[tokio::test]
async fn a_container_is_a_server_of_the_project() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = container(json!({
        "name": "box", "memory": 67_108_864, "env": ["ROLE=db", "EMPTY"], "hostname": "inner",
        "cmd": ["/bin/serve", "--fast"], "port_specs": [80, "443/tcp"],
        "port_bindings": {"80": 8080, "53/udp": null}}));
    let stack = Stack::create(&demo, body).await;
    stack.reaches("CREATE_COMPLETE").await;
    let all = servers(&demo).await;
    assert_eq!(
        (all.len(), &all[0]["name"], &all[0]["status"]),
        (1, &"box".into(), &"ACTIVE".into())
    );
    let limits = demo.get("/compute/v2.1/limits").await.expect(200);
    assert_eq!(limits.body["limits"]["absolute"]["totalRAMUsed"], 64);
    let shown = attributes(
        &stack,
        &[
            "network_tcp_ports",
            "network_udp_ports",
            "network_ip",
            "network_gateway",
            "info",
            "logs",
            "logs_head",
        ],
    )
    .await;
    assert_eq!(shown["network_tcp_ports"], "8080");
    let port: u16 = shown["network_udp_ports"].as_str().unwrap().parse().unwrap();
    assert!((20_000..30_000).contains(&port), "{port}");
    let address = all[0]["addresses"].as_object().unwrap().values().next().unwrap()[0].clone();
    assert_eq!(shown["network_ip"], address["addr"]);
    assert_ne!(shown["network_gateway"], address["addr"]);
    assert_eq!(shown["info"]["Config"]["Env"], json!(["EMPTY=", "ROLE=db"]));
    assert_eq!(shown["info"]["Config"]["Hostname"], "inner");
    assert!(shown["logs"].as_str().unwrap().contains("running: /bin/serve --fast"), "{shown}");
    assert!(shown["logs_head"].as_str().unwrap().contains("inner: booting"), "{shown}");
    stack.end().await;
    assert_eq!(servers(&demo).await, [] as [Value; 0]);
}

#[tokio::test]
async fn the_first_names_lead_to_a_container_by_its_gateway() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack =
        Stack::create(&demo, one("OS::Heat::Docker", json!({"Image": IMAGE, "PortSpecs": ["80"]})))
            .await;
    stack.reaches("CREATE_COMPLETE").await;
    let shown =
        attributes(&stack, &["NetworkIp", "NetworkTcpPorts", "LogsHead", "NetworkInfo"]).await;
    let info = &shown["NetworkInfo"];
    assert_eq!(shown["NetworkIp"], info["Gateway"]);
    assert_eq!(shown["NetworkTcpPorts"], info["PortMapping"]["Tcp"]["80"]);
    assert!(shown["LogsHead"].as_str().unwrap().contains("booting"), "{shown}");
    stack.end().await;

    let body = one("OS::Docker::Container", json!({"image": format!("{IMAGE}:latest")}));
    let stack = Stack::create(&demo, body).await;
    stack.reaches("CREATE_COMPLETE").await;
    let shown = attributes(&stack, &["network_ip", "network_info"]).await;
    assert_eq!(shown["network_ip"], shown["network_info"]["Gateway"]);
    stack.end().await;
}

#[tokio::test]
async fn what_ends_well_is_complete_and_what_ends_badly_says_how() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let well = container(json!({"cmd": ["/bin/sh", "-c", "exit 0"]}));
    let stack = Stack::create(&demo, well).await;
    stack.reaches("CREATE_COMPLETE").await;
    assert_eq!(servers(&demo).await[0]["status"], "SHUTOFF");
    stack.end().await;

    let badly = container(json!({"cmd": ["/bin/sh", "-c", "exit 3"]}));
    let stack = Stack::create(&demo, badly).await;
    let shown = stack.reaches("CREATE_FAILED").await;
    let reason = shown.text("/stack/stack_status_reason");
    assert!(reason.contains("resources.box: Went to status SHUTOFF"), "{reason}");
    assert!(reason.contains("exit code 3") && reason.contains("exit 3"), "{reason}");
    stack.end().await;
}

#[tokio::test]
async fn what_harms_others_is_refused_with_a_sentence() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    for (asked, sentence) in [
        (json!({"privileged": true}), "A container with extended privileges is not allowed here."),
        (
            json!({"devices": [{"path_on_host": "/dev/kvm"}]}),
            "A container with devices of the host is not allowed here.",
        ),
        (
            json!({"volumes": {"/etc": "/host"}}),
            "A container with directories of the host is not allowed here.",
        ),
        (
            json!({"cap_add": ["NET_RAW", "SYS_ADMIN"]}),
            "A container with more capabilities of the kernel than the usual is not allowed here.",
        ),
        (
            json!({"docker_endpoint": "tcp://10.1.2.3:2375"}),
            "The Docker endpoint tcp://10.1.2.3:2375 is no server of this project.",
        ),
    ] {
        let stack = Stack::create(&demo, container(asked)).await;
        let shown = stack.reaches("CREATE_FAILED").await;
        let reason = shown.text("/stack/stack_status_reason");
        assert!(reason.ends_with(&format!("Forbidden: resources.box: {sentence}")), "{reason}");
        stack.end().await;
    }
    let harmless = json!({"cap_add": ["CHOWN"], "cap_drop": ["ALL"], "volumes": {"/data": {}}});
    let stack = Stack::create(&demo, container(harmless)).await;
    stack.reaches("CREATE_COMPLETE").await;
    stack.end().await;
}

#[tokio::test]
async fn an_image_that_nobody_knows_is_refused_before_anything_exists() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = one(CURRENT, json!({"image": "nobody/knows"}));
    let refused = demo.post(&url(&demo, "/stacks"), body).await.expect(400);
    let sentence = "Property error: : resources.box.properties.image: : Error validating value \
                    'nobody/knows': The Image (nobody/knows) could not be found.";
    assert_eq!(super::error(&refused).1, sentence);
}

#[tokio::test]
async fn an_endpoint_in_a_server_puts_the_container_beside_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = json!({"stack_name": "s", "template": {
        "heat_template_version": "2018-08-31",
        "resources": {
            "host": {"type": "OS::Nova::Server", "properties": {"image": IMAGE, "flavor": "m1.tiny"}},
            "box": {"type": CURRENT, "properties": {
                "image": IMAGE, "port_specs": [3306], "port_bindings": {"80": 80},
                "docker_endpoint": {"str_replace": {"template": "tcp://HOST:2375", "params": {
                    "HOST": {"get_attr": ["host", "first_address"]}}}}}},
        },
        "outputs": {"host": {"value": {"get_attr": ["host", "first_address"]}},
            "box": {"value": {"get_attr": ["box", "network_ip"]}}},
    }});
    let stack = Stack::create(&demo, body).await;
    let shown = stack.reaches("CREATE_COMPLETE").await;
    let outputs = &shown.body["stack"]["outputs"];
    assert_eq!(outputs[0]["output_value"], outputs[1]["output_value"]);
    assert_eq!(attributes(&stack, &["network_tcp_ports"]).await["network_tcp_ports"], "3306,80");
    let own: Vec<_> =
        servers(&demo).await.into_iter().map(|row| row["addresses"].clone()).collect();
    assert_eq!(own.iter().filter(|addresses| **addresses == json!({})).count(), 1, "{own:?}");
    stack.end().await;
}

#[tokio::test]
async fn a_container_sleeps_wakes_and_is_replaced_under_its_own_name() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack =
        Stack::create(&demo, container(json!({"name": "fixed", "port_bindings": {"80": 8080}})))
            .await;
    stack.reaches("CREATE_COMPLETE").await;
    let before = servers(&demo).await[0]["id"].clone();
    demo.post(&format!("{}/actions", stack.path), json!({"suspend": null})).await.expect(200);
    stack.reaches("SUSPEND_COMPLETE").await;
    assert_eq!(servers(&demo).await[0]["status"], "SHUTOFF");
    demo.post(&format!("{}/actions", stack.path), json!({"resume": null})).await.expect(200);
    stack.reaches("RESUME_COMPLETE").await;
    assert_eq!(servers(&demo).await[0]["status"], "ACTIVE");
    let changed =
        container(json!({"name": "fixed", "env": ["A=1"], "port_bindings": {"80": 8080}}));
    demo.put(&stack.path, changed).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    let after = servers(&demo).await;
    assert_eq!((after.len(), &after[0]["name"]), (1, &"fixed".into()));
    assert_ne!(after[0]["id"], before);
    stack.end().await;
}
