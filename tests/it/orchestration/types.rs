//! Stacks of types that services other than compute's servers have: flavors, quotas, aggregates,
//! the things of identity, and EC2's words for what there is.

use serde_json::{Value, json};

use super::{Stack, error, template, url};
use crate::support::{Session, TestCloud};

/// The resource's physical id.
async fn id(stack: &Stack<'_>, resource: &str) -> String {
    stack.get(&format!("/resources/{resource}")).await.text("/resource/physical_resource_id")
}

async fn update(stack: &Stack<'_>, resources: Value) {
    let body = json!({"template": template(resources)});
    stack.session.put(&stack.path, body).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
}

#[tokio::test]
async fn a_stack_cuts_its_subnet_from_its_pool() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let resources = |pool: Value| {
        json!({
            "scope": {"type": "OS::Neutron::AddressScope", "properties": {"ip_version": 4}},
            "pool": {"type": "OS::Neutron::SubnetPool", "properties": pool},
            "net": {"type": "OS::Neutron::Net"},
            "subnet": {"type": "OS::Neutron::Subnet", "properties": {
                "network": {"get_resource": "net"}, "subnetpool": {"get_resource": "pool"},
                "prefixlen": 26}},
        })
    };
    let first = json!({"prefixes": ["10.40.0.0/16"], "tags": ["a"],
        "address_scope": {"get_resource": "scope"}});
    let stack = Stack::of(&demo, "pools", resources(first)).await;
    stack.reaches("CREATE_COMPLETE").await;
    let subnet = stack.get("/resources/subnet?with_attr=cidr").await;
    assert_eq!(subnet.text("/resource/attributes/cidr"), "10.40.0.0/26");
    let path = format!("/network/v2.0/subnetpools/{}", id(&stack, "pool").await);
    let pool = demo.get(&path).await.expect(200);
    assert_eq!(pool.text("/subnetpool/address_scope_id"), id(&stack, "scope").await);

    update(&stack, resources(json!({"prefixes": ["10.40.0.0/15"], "tags": ["b"]}))).await;
    let pool = demo.get(&path).await.expect(200);
    assert_eq!(pool.body["subnetpool"]["address_scope_id"], Value::Null);
    assert_eq!(pool.body["subnetpool"]["prefixes"], json!(["10.40.0.0/15"]));
    assert_eq!(pool.body["subnetpool"]["tags"], json!(["b"]));
    stack.end().await;
    demo.get(&path).await.expect(404);
}

#[tokio::test]
async fn an_administrators_stack_furnishes_compute_and_network() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let resources = |ram_note: &str, cores: i64, zone: &str| {
        json!({
            "flavor": {"type": "OS::Nova::Flavor", "properties": {"name": "f", "ram": 64, "vcpus": 1,
                "is_public": false, "extra_specs": {"note:x": ram_note}}},
            "group": {"type": "OS::Nova::ServerGroup", "properties": {"policies": ["affinity"]}},
            "quota": {"type": "OS::Nova::Quota", "properties": {"project": "demo", "cores": cores}},
            "limits": {"type": "OS::Neutron::Quota", "properties": {"project": "demo", "port": cores}},
            "hosts": {"type": "OS::Nova::HostAggregate", "properties": {"name": "fast",
                "metadata": {"zone": zone}}},
            "sg": {"type": "OS::Neutron::SecurityGroup"},
            "rule": {"type": "OS::Neutron::SecurityGroupRule", "properties": {
                "security_group": {"get_resource": "sg"}, "port_range_min": 22, "port_range_max": 22}},
        })
    };
    let stack = Stack::of(&admin, "furnish", resources("a", 7, "east")).await;
    stack.reaches("CREATE_COMPLETE").await;
    let flavor = id(&stack, "flavor").await;
    let shown = admin.get(&format!("/compute/v2.1/flavors/{flavor}/os-extra_specs")).await;
    assert_eq!(shown.expect(200).body["extra_specs"], json!({"note:x": "a"}));
    let public = stack.get("/resources/flavor?with_attr=is_public").await;
    assert_eq!(public.body["resource"]["attributes"]["is_public"], json!(false));
    let rule = stack.get("/resources/rule?with_attr=show").await;
    assert_eq!(rule.text("/resource/attributes/show/protocol"), "tcp");

    update(&stack, resources("b", 9, "west")).await;
    assert_eq!(id(&stack, "flavor").await, flavor, "extra specs change in place");
    let demo = id(&stack, "quota").await;
    let quota = admin.get(&format!("/compute/v2.1/os-quota-sets/{demo}")).await.expect(200);
    assert_eq!(quota.body["quota_set"]["cores"], 9);
    let limits = admin.get(&format!("/network/v2.0/quotas/{demo}")).await.expect(200);
    assert_eq!(limits.body["quota"]["port"], 9);
    let aggregate = id(&stack, "hosts").await;
    let shown = admin.get(&format!("/compute/v2.1/os-aggregates/{aggregate}")).await.expect(200);
    assert_eq!(shown.body["aggregate"]["metadata"], json!({"zone": "west"}));

    stack.end().await;
    admin.get(&format!("/compute/v2.1/flavors/{flavor}")).await.expect(404);
    let quota = admin.get(&format!("/compute/v2.1/os-quota-sets/{demo}")).await.expect(200);
    assert_ne!(quota.body["quota_set"]["cores"], 9, "the defaults are back");
}

async fn logs_in(cloud: &TestCloud, password: &str) -> bool {
    let body = json!({"auth": {"identity": {"methods": ["password"], "password": {"user": {
        "name": "ann", "domain": {"id": "default"}, "password": password}}},
        "scope": {"project": {"name": "lab", "domain": {"id": "default"}}}}});
    cloud.nobody().post("/identity/v3/auth/tokens", body).await.status == 201
}

#[tokio::test]
async fn users_of_a_stack_log_in_until_it_goes() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let resources = |password: &str| {
        json!({
            "project": {"type": "OS::Keystone::Project", "properties": {"name": "lab"}},
            "role": {"type": "OS::Keystone::Role", "properties": {"name": "guest"}},
            "user": {"type": "OS::Keystone::User", "properties": {"name": "ann", "password": password,
                "email": "ann@example.org", "groups": [{"get_resource": "ops"}],
                "roles": [{"role": "member", "project": {"get_resource": "project"}}]}},
            "ops": {"type": "OS::Keystone::Group", "properties": {"name": "ops",
                "roles": [{"role": "manager", "project": {"get_resource": "project"}}]}},
            "crew": {"type": "OS::Keystone::GroupRoleAssignment", "properties": {
                "group": {"get_resource": "ops"}, "roles": [{"role": "reader", "domain": "default"}]}},
            "more": {"type": "OS::Keystone::UserRoleAssignment", "properties": {
                "user": {"get_resource": "user"},
                "roles": [{"role": {"get_resource": "role"}, "project": {"get_resource": "project"}}]}},
            "service": {"type": "OS::Keystone::Service", "properties": {"type": "dns"}},
            "region": {"type": "OS::Keystone::Region", "properties": {"id": "far"}},
            "endpoint": {"type": "OS::Keystone::Endpoint", "properties": {
                "service": {"get_resource": "service"}, "region": {"get_resource": "region"},
                "interface": "public", "url": "http://dns.example.org/"}},
            "domain": {"type": "OS::Keystone::Domain", "properties": {"name": "elsewhere"}},
        })
    };
    let stack = Stack::of(&admin, "people", resources("first")).await;
    stack.reaches("CREATE_COMPLETE").await;
    assert!(logs_in(&cloud, "first").await);
    let user = id(&stack, "user").await;
    let granted = format!("/identity/v3/role_assignments?user.id={user}");
    let rows = admin.get(&granted).await.expect(200);
    assert_eq!(rows.body["role_assignments"].as_array().unwrap().len(), 2);
    let group = id(&stack, "ops").await;
    let members = format!("/identity/v3/groups/{group}/users");
    assert_eq!(count(&admin, &members, "users").await, 1);
    let granted = format!("/identity/v3/role_assignments?group.id={group}");
    assert_eq!(count(&admin, &granted, "role_assignments").await, 2);
    update(&stack, resources("second")).await;
    assert_eq!(id(&stack, "user").await, user, "a password changes in place");
    assert!(logs_in(&cloud, "second").await);
    assert!(!logs_in(&cloud, "first").await);
    stack.end().await;
    assert!(!logs_in(&cloud, "second").await);
    assert_eq!(count(&admin, "/identity/v3/groups", "groups").await, 0);
    assert_eq!(count(&admin, "/identity/v3/domains?name=elsewhere", "domains").await, 0);
    assert_eq!(count(&admin, "/identity/v3/regions", "regions").await, 1);
}

async fn count(session: &Session, path: &str, key: &str) -> usize {
    session.get(path).await.expect(200).body[key].as_array().unwrap().len()
}

#[tokio::test]
async fn servers_and_their_network_are_made_in_ec2s_words() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let resources = |port: &str| {
        json!({
            "net": {"type": "OS::Neutron::Net"},
            "subnet": {"type": "AWS::EC2::Subnet", "properties": {
                "VpcId": {"get_resource": "net"}, "CidrBlock": "10.78.0.0/24"}},
            "group": {"type": "AWS::EC2::SecurityGroup", "properties": {"GroupDescription": "web",
                "SecurityGroupIngress": [
                    {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "0.0.0.0/0"}]}},
            "nic": {"type": "AWS::EC2::NetworkInterface", "properties": {
                "SubnetId": {"get_resource": "subnet"}, "PrivateIpAddress": "10.78.0.9",
                "GroupSet": [{"get_resource": "group"}]}},
            "one": {"type": "AWS::EC2::Instance", "properties": {
                "ImageId": "novadock/tiny", "InstanceType": "m1.tiny",
                "NetworkInterfaces": [{"get_resource": "nic"}],
                "Tags": [{"Key": "role", "Value": "web"}]}},
            "two": {"type": "AWS::EC2::Instance", "properties": {
                "ImageId": "novadock/tiny", "InstanceType": "m1.tiny",
                "SubnetId": {"get_resource": "subnet"},
                "SecurityGroups": [{"get_resource": "group"}]}},
        })
    };
    let stack = Stack::of(&demo, "ec2", resources("80")).await;
    stack.reaches("CREATE_COMPLETE").await;
    let one = stack.get("/resources/one?with_attr=PrivateIp").await;
    assert_eq!(one.text("/resource/attributes/PrivateIp"), "10.78.0.9");
    let server = id(&stack, "one").await;
    let shown = demo.get(&format!("/compute/v2.1/servers/{server}")).await.expect(200);
    assert_eq!(shown.body["server"]["metadata"], json!({"role": "web"}));
    let group = id(&stack, "group").await;
    update(&stack, resources("8080")).await;
    assert_eq!(id(&stack, "group").await, group);
    let shown = demo.get(&format!("/network/v2.0/security-groups/{group}")).await.expect(200);
    let rules = shown.body["security_group"]["security_group_rules"].as_array().unwrap();
    let ingress = rules.iter().find(|rule| rule["direction"] == "ingress").unwrap();
    assert_eq!(ingress["port_range_min"], 8080);
    stack.end().await;
    assert_eq!(count(&demo, "/compute/v2.1/servers", "servers").await, 0);
}

#[tokio::test]
async fn a_delay_takes_its_time_and_a_policy_names_what_is_there() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let resources = json!({
        "wait": {"type": "OS::Heat::Delay", "properties": {"min_wait": 0.2, "max_jitter": 0.1}},
        "policy": {"type": "OS::Heat::AccessPolicy", "properties": {"AllowedResources": ["wait"]}},
    });
    let stack = Stack::of(&demo, "slow", resources).await;
    stack.reaches("CREATE_COMPLETE").await;
    stack.end().await;
    let stranger = json!({"policy": {"type": "OS::Heat::AccessPolicy",
        "properties": {"AllowedResources": ["stranger"]}}});
    let stack = Stack::of(&demo, "strange", stranger).await;
    let failed = stack.reaches("CREATE_FAILED").await;
    let reason = failed.text("/stack/stack_status_reason");
    assert!(reason.ends_with("AccessPolicy resource stranger not in stack"), "{reason}");
}

#[tokio::test]
async fn some_types_are_for_administrators() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let types = |session: &Session| {
        let session = session.clone();
        async move { session.get(&url(&session, "/resource_types")).await.expect(200).body }
    };
    for (name, properties, refusal) in [
        ("OS::Nova::Flavor", json!({"ram": 64, "vcpus": 1}), "resource_types:OS::Nova::Flavor"),
        ("OS::Keystone::Group", json!({}), "OS::Keystone::Group"),
    ] {
        let template = template(json!({"thing": {"type": name, "properties": properties}}));
        let body = json!({"stack_name": "mine", "template": template});
        let refused = demo.post(&url(&demo, "/stacks"), body.clone()).await.expect(403);
        let sentence = format!("You are not authorized to use {refusal}.");
        assert_eq!(error(&refused), ("Forbidden", sentence.as_str()));
        let shown = url(&demo, &format!("/resource_types/{name}"));
        assert_eq!(error(&demo.get(&shown).await.expect(403)).1, sentence);
        admin.get(&url(&admin, &format!("/resource_types/{name}"))).await.expect(200);
        let lists =
            |types: Value| types["resource_types"].as_array().unwrap().contains(&json!(name));
        assert!(!lists(types(&demo).await) && lists(types(&admin).await), "{name}");
        admin.post(&url(&admin, "/stacks/preview"), body).await.expect(200);
    }
}

#[tokio::test]
async fn what_heat_knows_and_does_not_do_is_refused_in_its_words() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let resources = json!({"x": {"type": "AWS::EC2::Instance", "properties": {
        "ImageId": "novadock/tiny", "InstanceType": "m1.tiny", "Monitoring": true}}});
    let body = json!({"stack_name": "s", "template": template(resources)});
    let refused = demo.post(&url(&demo, "/stacks"), body).await.expect(400);
    let sentence =
        "Property error: : resources.x.properties: : Property Monitoring not implemented yet";
    assert_eq!(error(&refused).1, sentence);
}

#[tokio::test]
async fn a_port_has_no_address_if_that_is_asked() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let port = json!({"type": "OS::Neutron::Port", "properties": {
        "network": "shared", "no_fixed_ips": true}});
    let stack = Stack::of(&demo, "s", json!({"port": port})).await;
    stack.reaches("CREATE_COMPLETE").await;
    let shown = stack.get("/resources/port").await;
    let attributes = &shown.body["resource"]["attributes"];
    assert_eq!(attributes["fixed_ips"], json!([]));
    assert_eq!(attributes["subnets"], json!([]));
    assert_eq!(attributes["network"]["name"], "shared");
    stack.end().await;
}

#[tokio::test]
async fn an_administrator_gives_another_user_a_key() {
    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFW2weyUBFYgzoilBK5JeEvdjyIBYfArE2y3JougZg4r";
    let cloud = TestCloud::start().await;
    let (admin, demo) = (cloud.admin().await, cloud.demo().await);
    let pair = |user: &str| {
        json!({"key": {"type": "OS::Nova::KeyPair", "properties": {
            "name": "k", "public_key": KEY, "user": user}}})
    };
    let stack = Stack::of(&admin, "s", pair("demo")).await;
    stack.reaches("CREATE_COMPLETE").await;
    demo.get("/compute/v2.1/os-keypairs/k").await.expect(200);
    admin.get("/compute/v2.1/os-keypairs/k").await.expect(404);
    stack.end().await;
    demo.get("/compute/v2.1/os-keypairs/k").await.expect(404);
}
