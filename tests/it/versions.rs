//! Every read of the compute API at every microversion: the observer of `support::TestCloud` holds
//! each answer to the contract, sliced at that version.

use compute::microversions::{KEYPAIR_IMPORT_ONLY, LIST, NETWORKS_REQUIRED};
use kit::http::{Method, Mv};
use novadock::app::SERVICES;
use serde_json::json;

use crate::support::{Session, TestCloud};

/// What stands in the braces of paths.
struct Fixture {
    server: String,
    request: String,
    image: String,
    project: String,
}

impl Fixture {
    async fn make(demo: &Session) -> Self {
        let image = demo.find("/image/v2/images", "images").await;
        let key = json!({"keypair": {"name": "mine"}});
        demo.post("/compute/v2.1/os-keypairs", key).await.expect(200);
        let body = json!({"server": {
            "name": "one", "imageRef": image, "flavorRef": "1", "key_name": "mine", "networks": "auto",
            "metadata": {"colour": "green"}, "tags": ["blue"], "description": "text",
        }});
        let made = demo.at("2.96").post("/compute/v2.1/servers", body).await.expect(202);
        let server = made.text("/server/id");
        let path = format!("/compute/v2.1/servers/{server}");
        demo.wait(&path, |answer| answer.optional("/server/status") == "ACTIVE").await;
        let request = made.header("x-openstack-request-id").to_owned();
        Self { server, request, image, project: demo.project.clone() }
    }

    /// The path with its braces filled, if this fixture has what they name.
    fn fill(&self, path: &str) -> Option<String> {
        let filled = path
            .replace("{server_id}", &self.server)
            .replace("{request_id}", &self.request)
            .replace("{image_id}", &self.image)
            .replace("{flavor_id}", "1")
            .replace("{keypair_name}", "mine")
            .replace("{project_id}", &self.project)
            .replace("{quota_class}", "default")
            .replace("{label}", "shared")
            .replace("{tag}", "blue");
        let key = filled.contains("/metadata/{key}");
        let filled = if key { filled.replace("{key}", "colour") } else { filled };
        (!filled.contains('{')).then_some(filled)
    }
}

#[tokio::test]
async fn every_read_fits_the_contract_at_every_version() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let fixture = Fixture::make(&demo).await;
    let reads: Vec<_> = SERVICES
        .iter()
        .flat_map(|service| service.mounts)
        .find(|mount| mount.version == "/v2.1")
        .unwrap()
        .operations
        .iter()
        .filter(|row| row.method == Method::GET)
        .filter_map(|row| Some((row, fixture.fill(row.path)?)))
        .collect();
    assert!(reads.len() > 20, "the table of operations was not found");
    let mut answered = 0;
    for version in LIST {
        for (row, path) in &reads {
            if !row.span.contains(version.number) {
                continue;
            }
            let session = if row.name.starts_with("servers") { &demo } else { &admin };
            let answer =
                session.at(&version.number.to_string()).get(&format!("/compute/v2.1{path}")).await;
            let gone = answer.status == 410 || answer.status == 404;
            assert!(answer.status < 300 || gone, "{} at {}: {answer:?}", row.name, version.number);
            answered += usize::from(answer.status < 300);
        }
    }
    assert!(answered > 1000, "only {answered} answers");
}

#[tokio::test]
async fn a_version_changes_what_is_taken_from_its_first_number_on() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let before = |version: Mv| Mv(version.0, version.1 - 1).to_string();
    let key = json!({"keypair": {"name": "made"}});
    let path = "/compute/v2.1/os-keypairs";
    demo.at(&KEYPAIR_IMPORT_ONLY.to_string()).post(path, key.clone()).await.expect(400);
    demo.at(&before(KEYPAIR_IMPORT_ONLY)).post(path, key).await.expect(201);

    let image = demo.find("/image/v2/images", "images").await;
    let server = json!({"server": {"name": "one", "imageRef": image, "flavorRef": "1"}});
    let path = "/compute/v2.1/servers";
    demo.at(&NETWORKS_REQUIRED.to_string()).post(path, server.clone()).await.expect(400);
    demo.at(&before(NETWORKS_REQUIRED)).post(path, server).await.expect(202);
}
