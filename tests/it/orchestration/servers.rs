//! Stacks of servers and what servers need: `OS::Nova::…`, `OS::Neutron::…`.

use kit::engine::EngineError;
use kit::engine::sim::{Fault, When};
use serde_json::{Value, json};

use super::{Stack, error, template, url};
use crate::support::{Answer, Session, TestCloud};

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFW2weyUBFYgzoilBK5JeEvdjyIBYfArE2y3JougZg4r user@example";

fn web() -> Value {
    json!({"stack_name": "web", "parameters": {"flavor": "m1.tiny"}, "template": {
        "heat_template_version": "2018-08-31",
        "parameters": {
            "image": {"type": "string", "default": "novadock/tiny",
                "constraints": [{"custom_constraint": "glance.image"}]},
            "flavor": {"type": "string", "constraints": [{"custom_constraint": "nova.flavor"}]},
        },
        "resources": {
            "net": {"type": "OS::Neutron::Net", "properties": {"name": "inner"}},
            "subnet": {"type": "OS::Neutron::Subnet", "properties": {
                "network": {"get_resource": "net"}, "cidr": "10.77.0.0/24"}},
            "group": {"type": "OS::Neutron::SecurityGroup", "properties": {"rules": [
                {"protocol": "tcp", "port_range_min": 80, "port_range_max": 80},
                {"direction": "egress", "protocol": "udp"}]}},
            "port": {"type": "OS::Neutron::Port", "properties": {
                "network_id": {"get_resource": "net"},
                "fixed_ips": [{"subnet": {"get_resource": "subnet"}, "ip_address": "10.77.0.9"}],
                "security_groups": [{"get_resource": "group"}]}},
            "key": {"type": "OS::Nova::KeyPair", "properties": {"name": "k", "public_key": KEY}},
            "one": {"type": "OS::Nova::Server", "properties": {
                "image": {"get_param": "image"}, "flavor": {"get_param": "flavor"},
                "key_name": {"get_resource": "key"},
                "networks": [{"port": {"get_resource": "port"}}],
                "user_data_format": "RAW", "user_data": "#!/bin/sh\ntrue\n",
                "metadata": {"role": "web", "tries": 3}}},
            "two": {"type": "OS::Nova::Server", "depends_on": "subnet", "properties": {
                "name": "second", "image": {"get_param": "image"},
                "flavor": {"get_param": "flavor"},
                "networks": [{"network": {"get_attr": ["net", "name"]}}]}},
        },
        "outputs": {
            "address": {"value": {"get_attr": ["one", "networks", "inner", 0]}},
            "first": {"value": {"get_attr": ["two", "first_address"]}},
            "server": {"value": {"get_resource": "one"}},
            "known": {"value": {"get_attr": ["one", "networks", {"get_resource": "net"}, 0]}},
            "full": {"value": {"get_attr": ["one", "addresses", "inner", 0]}},
            "consoles": {"value": {"get_attr": ["one", "console_urls"]}},
        },
    }})
}

/// The page of one is there, though nobody made its token before.
async fn check_consoles(cloud: &TestCloud, urls: &Value) {
    let page = urls["novnc"].as_str().unwrap();
    let (_, path) = page.split_once("/compute/").unwrap();
    cloud.nobody().get(&format!("/compute/{path}")).await.expect(200);
    assert!(urls["serial"].as_str().unwrap().starts_with("ws://"), "{urls}");
    let refusal = "Cannot get console url: Unavailable console type spice-html5.";
    assert_eq!(urls["spice-html5"], refusal);
}

async fn count(session: &Session, path: &str, key: &str) -> usize {
    session.get(path).await.expect(200).body[key].as_array().unwrap().len()
}

#[tokio::test]
async fn an_image_that_does_not_fit_its_flavor_is_refused_before_anything_exists() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let refusals = [
        (
            json!({"docker_image": "novadock/tiny", "min_ram": 1000}),
            "Image odd requires 1000 minimum ram. Flavor m1.tiny has only 512.",
        ),
        (
            json!({"docker_image": "novadock/tiny", "min_disk": 9}),
            "Image odd requires 9 GB minimum disk space. Flavor m1.tiny has only 1 GB.",
        ),
        (json!({"min_ram": 1000}), "Image status is required to be active not queued."),
    ];
    for (mut image, refusal) in refusals {
        image["name"] = json!("odd");
        let made = demo.post("/image/v2/images", image).await.expect(201);
        let server = json!({"s": {"type": "OS::Nova::Server", "properties": {
            "image": "odd", "flavor": "m1.tiny"}}});
        let body = json!({"stack_name": "s", "template": template(server)});
        let refused = demo.post(&url(&demo, "/stacks"), body).await.expect(400);
        assert_eq!(error(&refused), ("StackValidationFailed", refusal));
        let own = format!("/image/v2/images/{}", made.text("/id"));
        demo.delete(&own).await.expect(204);
    }
}

#[tokio::test]
async fn a_stack_of_servers_boots_them_and_takes_all_away_again() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let networks = count(&demo, "/network/v2.0/networks", "networks").await;
    let stack = Stack::create(&demo, web()).await;
    let shown = stack.reaches("CREATE_COMPLETE").await;
    let outputs = &shown.body["stack"]["outputs"];
    assert_eq!(outputs[0]["output_value"], "10.77.0.9");
    assert!(outputs[1]["output_value"].as_str().unwrap().starts_with("10.77.0."), "{outputs}");
    assert_eq!(outputs[3]["output_value"], "10.77.0.9");
    let (full, port) = (&outputs[4]["output_value"], stack.get("/resources/port").await);
    assert_eq!(full["port"], port.text("/resource/physical_resource_id"));
    assert_eq!(full["network"]["name"], "inner");
    assert_eq!(full["subnets"][0]["cidr"], "10.77.0.0/24");
    check_consoles(&cloud, &outputs[5]["output_value"]).await;
    let id = shown.text("/stack/outputs/2/output_value");
    let server = demo.get(&format!("/compute/v2.1/servers/{id}")).await.expect(200);
    assert_eq!(server.text("/server/status"), "ACTIVE");
    assert!(server.text("/server/name").starts_with("web-one-"));
    assert_eq!(server.text("/server/key_name"), "k");
    assert_eq!(server.body["server"]["metadata"], json!({"role": "web", "tries": "3"}));
    let group = stack.get("/resources/group?with_attr=show").await;
    let rules = group.body["resource"]["attributes"]["show"]["security_group_rules"].clone();
    assert_eq!(rules.as_array().unwrap().len(), 2, "its own egress rule replaces the defaults");
    let servers = demo.get("/compute/v2.1/servers").await.expect(200);
    assert_eq!(servers.body["servers"].as_array().unwrap().len(), 2);
    stack.end().await;
    assert_eq!(count(&demo, "/compute/v2.1/servers", "servers").await, 0);
    assert_eq!(count(&demo, "/compute/v2.1/os-keypairs", "keypairs").await, 0);
    assert_eq!(count(&demo, "/network/v2.0/networks", "networks").await, networks);
    assert_eq!(count(&demo, "/network/v2.0/ports", "ports").await, 0);
}

#[tokio::test]
async fn what_a_service_does_not_know_is_refused_before_anything_exists() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let refused = async |change: &dyn Fn(&mut Value)| {
        let mut body = web();
        change(&mut body);
        let answer = demo.post(&url(&demo, "/stacks"), body).await.expect(400);
        let (class, sentence) = error(&answer);
        assert_eq!(class, "StackValidationFailed");
        sentence.to_owned()
    };
    assert_eq!(
        refused(&|body| body["parameters"]["flavor"] = json!("huge")).await,
        "Parameter 'flavor' is invalid: Error validating value 'huge': The Flavor (huge) could \
         not be found."
    );
    let nowhere = |body: &mut Value| {
        body["template"]["resources"]["two"]["properties"]["networks"] =
            json!([{"network": "nowhere"}]);
    };
    assert_eq!(
        refused(&nowhere).await,
        "Property error: : resources.two.properties.networks[0].network: : Error validating value \
         'nowhere': Unable to find network with name or id 'nowhere'"
    );
}

#[tokio::test]
async fn a_server_that_does_not_boot_fails_the_stack_and_says_why() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let refused = EngineError::Refused("no".to_owned());
    cloud.engine.faults().order("create", When::Always, Fault::Fail(refused));
    let mut body = web();
    body["disable_rollback"] = json!(false);
    let stack = Stack::create(&demo, body).await;
    stack.reaches("ROLLBACK_COMPLETE").await;
    let events = stack.get("/events?resource_status=FAILED&sort_dir=asc").await;
    let reason = events.text("/events/0/resource_status_reason");
    assert!(
        reason.starts_with("ResourceInError: resources.")
            && reason.contains("Went to status ERROR due to \"Message: "),
        "{reason}"
    );
    assert_eq!(count(&demo, "/compute/v2.1/servers", "servers").await, 0);
}

#[tokio::test]
async fn a_stack_counts_in_the_quotas_of_its_project() {
    let cloud = TestCloud::start().await;
    let (admin, demo) = (cloud.admin().await, cloud.demo().await);
    let quota = json!({"quota_set": {"instances": 1}});
    let path = format!("/compute/v2.1/os-quota-sets/{}", demo.project);
    admin.put(&path, quota).await.expect(200);
    let stack = Stack::create(&demo, web()).await;
    let failed = stack.reaches("CREATE_FAILED").await;
    let reason = failed.text("/stack/stack_status_reason");
    assert!(reason.contains("Forbidden: resources."), "{reason}");
    assert!(reason.contains("Quota exceeded for instances"), "{reason}");
    stack.end().await;
}

#[tokio::test]
async fn a_kill_while_servers_boot_leaves_each_of_them_once() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let path = Stack::create(&demo, web()).await.path;
    let cloud = cloud.kill_and_restart().await;
    let cloud = cloud.kill_and_restart().await;
    let demo = cloud.demo().await;
    let stack = Stack { session: &demo, path };
    stack.reaches("CREATE_COMPLETE").await;
    assert_eq!(count(&demo, "/compute/v2.1/servers", "servers").await, 2);
    stack.end().await;
}

#[tokio::test]
async fn a_key_is_made_where_the_template_brings_none() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let key = json!({"type": "OS::Nova::KeyPair",
        "properties": {"name": "made", "save_private_key": true}});
    let stack = Stack::of(&demo, "keys", json!({"key": key})).await;
    stack.reaches("CREATE_COMPLETE").await;
    let shown = stack.get("/resources/key").await;
    assert!(shown.text("/resource/attributes/public_key").starts_with("ssh-rsa "));
    assert!(shown.text("/resource/attributes/private_key").contains("PRIVATE KEY"));
    assert_eq!(shown.text("/resource/physical_resource_id"), "made");
    let journal = "SELECT count(*) FROM operation_step WHERE instr(output, 'KEY') > 0";
    let told = cloud
        .platform
        .store
        .read(move |rows| Ok(rows.query_row(journal, [], |row| row.get::<_, i64>(0))?));
    assert_eq!(told.await.unwrap(), 0_i64, "a secret never gets into the journal");
    stack.end().await;
}

fn on_the_port(server: Value) -> Value {
    let mut properties = json!({"image": "novadock/tiny", "flavor": "m1.tiny",
        "networks": [{"port": {"get_resource": "port"}}]});
    properties.as_object_mut().unwrap().extend(server.as_object().unwrap().clone());
    template(json!({
        "port": {"type": "OS::Neutron::Port", "properties": {"network": "shared"}},
        "one": {"type": "OS::Nova::Server", "properties": properties},
        "after": {"type": "OS::Heat::TestResource",
            "properties": {"value": {"get_attr": ["one", "first_address"]}}},
    }))
}

#[tokio::test]
async fn a_server_is_updated_in_place_as_far_as_that_goes() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let first = on_the_port(json!({"name": "a", "metadata": {"role": "web", "old": "x"},
        "user_data": "#!/bin/sh\n", "user_data_update_policy": "IGNORE"}));
    let stack = Stack::create(&demo, json!({"stack_name": "s", "template": first})).await;
    stack.reaches("CREATE_COMPLETE").await;
    let id = stack.get("/resources/one").await.text("/resource/physical_resource_id");
    let second = on_the_port(json!({"name": "b", "metadata": {"role": "db", "tries": 3},
        "tags": ["blue"], "user_data": "#!/bin/ash\n", "user_data_update_policy": "IGNORE"}));
    demo.put(&stack.path, json!({"template": second})).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    let same = stack.get("/resources/one").await.text("/resource/physical_resource_id");
    assert_eq!(id, same);
    let shown = demo.at("2.96").get(&format!("/compute/v2.1/servers/{id}")).await.expect(200);
    assert_eq!(shown.text("/server/name"), "b");
    assert_eq!(shown.body["server"]["metadata"], json!({"role": "db", "tries": "3"}));
    assert_eq!(shown.body["server"]["tags"], json!(["blue"]));
}

#[tokio::test]
async fn a_server_on_a_port_of_the_template_hands_it_to_its_successor() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = json!({"stack_name": "s", "template": on_the_port(json!({}))});
    let stack = Stack::create(&demo, body).await;
    stack.reaches("CREATE_COMPLETE").await;
    let before = stack.get("/resources/one").await;
    let port = stack.get("/resources/port").await.text("/resource/physical_resource_id");
    let bigger = on_the_port(json!({"flavor": "m1.small", "flavor_update_policy": "REPLACE"}));
    demo.put(&stack.path, json!({"template": bigger})).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    let after = stack.get("/resources/one").await;
    let name = "/resource/physical_resource_id";
    assert_ne!(before.text(name), after.text(name));
    let address = "/resource/attributes/first_address";
    assert_eq!(before.text(address), after.text(address), "the port is the same");
    assert_eq!(stack.get("/resources/port").await.text(name), port);
    assert_eq!(count(&demo, "/compute/v2.1/servers", "servers").await, 1);
    let story = stack.story().await;
    let place = |line: &str| story.iter().position(|other| other == line);
    let made = story.iter().rposition(|line| line == "one CREATE_COMPLETE");
    assert!(made < place("one DELETE_IN_PROGRESS"), "{story:?}");
    stack.end().await;
    assert_eq!(cloud.engine.counts().instances, 0);
}

/// The server of `one`, as compute shows it.
async fn server_of_one(stack: &Stack<'_>) -> Value {
    let id = stack.get("/resources/one").await.text("/resource/physical_resource_id");
    let session = stack.session.at("2.96");
    session.get(&format!("/compute/v2.1/servers/{id}")).await.expect(200).body["server"].clone()
}

#[tokio::test]
async fn another_image_or_user_data_gives_a_server_another_guest() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let rebuilding = |image: &str, user_data: &str| {
        on_the_port(json!({"image": image, "user_data": user_data, "user_data_format": "RAW",
            "user_data_update_policy": "REBUILD"}))
    };
    let first = rebuilding("novadock/tiny", "#!/bin/sh\n");
    let stack = Stack::create(&demo, json!({"stack_name": "s", "template": first})).await;
    stack.reaches("CREATE_COMPLETE").await;
    let before = server_of_one(&stack).await;
    let snapshot = json!({"createImage": {"name": "other"}});
    let path = format!("/compute/v2.1/servers/{}", before["id"].as_str().unwrap());
    demo.post(&format!("{path}/action"), snapshot).await.expect(202);
    let is_active = |answer: &Answer| answer.optional("/images/0/status") == "active";
    demo.wait("/image/v2/images?name=other", is_active).await;
    let second = rebuilding("other", "#!/bin/ash\n");
    demo.put(&stack.path, json!({"template": second})).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    let after = server_of_one(&stack).await;
    assert_eq!(before["id"], after["id"]);
    assert_eq!(after["status"], "ACTIVE", "the stack waits for the guest");
    assert_ne!(before["image"], after["image"]);
    assert_eq!(before["addresses"], after["addresses"]);
    let whole = cloud.admin().await.at("2.96").get(&path).await.expect(200);
    let user_data = whole.text("/server/OS-EXT-SRV-ATTR:user_data");
    assert_eq!(user_data, "IyEvYmluL2FzaAo=", "#!/bin/ash");
    let third = on_the_port(json!({"image": "novadock/tiny", "image_update_policy": "REPLACE"}));
    demo.put(&stack.path, json!({"template": third})).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    assert_ne!(server_of_one(&stack).await["id"], before["id"]);
}

#[tokio::test]
async fn another_flavor_resizes_a_server_or_replaces_it_as_its_policy_says() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let of = |flavor: &str, policy: &str| {
        on_the_port(json!({"flavor": flavor, "flavor_update_policy": policy}))
    };
    let body = json!({"stack_name": "s", "template": of("m1.nano", "RESIZE")});
    let stack = Stack::create(&demo, body).await;
    stack.reaches("CREATE_COMPLETE").await;
    let before = server_of_one(&stack).await;
    demo.put(&stack.path, json!({"template": of("m1.small", "RESIZE")})).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    let after = server_of_one(&stack).await;
    assert_eq!(before["id"], after["id"]);
    assert_eq!(after["status"], "ACTIVE", "the resize is confirmed");
    assert_eq!(after["flavor"]["original_name"], "m1.small");
    // A disk does not shrink.
    demo.put(&stack.path, json!({"template": of("m1.nano", "RESIZE")})).await.expect(202);
    let failed = stack.reaches("UPDATE_FAILED").await.text("/stack/stack_status_reason");
    assert!(failed.ends_with("Resizing to '42' failed, status 'ACTIVE'"), "{failed}");
    demo.put(&stack.path, json!({"template": of("m1.tiny", "REPLACE")})).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    assert_ne!(server_of_one(&stack).await["id"], before["id"]);
}

#[tokio::test]
async fn a_guest_that_cannot_be_made_anew_fails_the_update_and_the_next_one_replaces_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let with = |user_data: &str| {
        on_the_port(json!({"user_data": user_data, "user_data_format": "RAW",
            "user_data_update_policy": "REBUILD"}))
    };
    let body = json!({"stack_name": "s", "template": with("#!/bin/sh\n")});
    let stack = Stack::create(&demo, body).await;
    stack.reaches("CREATE_COMPLETE").await;
    let before = server_of_one(&stack).await;
    let refused = EngineError::Refused("no".to_owned());
    cloud.engine.faults().order("create", When::Nth(1), Fault::Fail(refused));
    demo.put(&stack.path, json!({"template": with("#!/bin/ash\n")})).await.expect(202);
    let failed = stack.reaches("UPDATE_FAILED").await;
    let reason = failed.text("/stack/stack_status_reason");
    let told = "ResourceInError: resources.one: Went to status ERROR due to \"Message: ";
    assert!(reason.contains(told), "{reason}");
    demo.put(&stack.path, json!({"template": with("#!/bin/ash\n")})).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    let after = server_of_one(&stack).await;
    assert_ne!(before["id"], after["id"]);
    assert_eq!(after["status"], "ACTIVE");
}
