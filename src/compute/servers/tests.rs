//! Every workflow of servers against power cuts, failures and repeats, over the simulated engine:
//! afterwards rows and guests agree, whatever happened.

use std::sync::Arc;

use kit::Platform;
use kit::clock::{Clock, Time};
use kit::engine::Instances;
use kit::engine::sim::SimEngine;
use kit::error::Result;
use kit::ids::{FlavorId, InstallationId, OperationId, ProjectId, RequestId, ServerId, UserId};
use kit::policy::{Caller, Rule};
use kit::secret::Secret;
use kit::testing;
use kit::workflow::testkit::{World, power_cut_matrix, pre_empt_matrix, settle};
use kit::workflow::{Operation, State, Workflow, list_for_target};
use network::facade::NetworkRequest;
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::actions::{pause, reboot, start, stop};
use super::logic::Asked;
use super::model::{Server, VmState, operation_target};
use super::request::{CreateServer, Zone};
use super::states::{self, Action};
use super::{WORKFLOWS, create, delete, store};
use crate::policy;

/// One server in a cloud of its own.
struct Cloud {
    platform: Arc<Platform>,
    engine: SimEngine,
    server: ServerId,
    _folder: tempfile::TempDir,
}

impl World for Cloud {
    fn platform(&self) -> &Arc<Platform> {
        &self.platform
    }

    fn workflows(&self) -> Vec<&'static Workflow> {
        WORKFLOWS.to_vec()
    }
}

/// What is left of the server: its row, its guests, its ports.
struct Left {
    server: Option<Server>,
    guests: usize,
    ports: usize,
}

impl Cloud {
    /// A cloud in which a server has been asked for.
    async fn asked() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let installation = InstallationId::from(testing::INSTALLATION);
        let engine = SimEngine::with_images(installation, &["novadock/tiny:latest"]);
        let platform = testing::platform(folder.path(), Arc::new(engine.clone()))
            .clock(Clock::manual(Time(1_700_000_000_000_000)))
            .setting("compute", "shutdown_timeout", "0")
            .service(&image::SERVICE)
            .service(&network::SERVICE)
            .service(&crate::SERVICE)
            .build()
            .unwrap();
        (image::SERVICE.start)(Arc::clone(&platform)).await.unwrap();
        (crate::SERVICE.start)(Arc::clone(&platform)).await.unwrap();
        network::facade::bootstrap(&platform, &ProjectId::from("p")).await.unwrap();
        let server = ask_for_server(&platform).await;
        Self { platform, engine, server, _folder: folder }
    }

    /// A cloud with a server that runs.
    async fn running() -> Self {
        let cloud = Self::asked().await;
        settle(&cloud.platform, WORKFLOWS.iter().copied()).await.unwrap();
        assert_eq!(cloud.left().await.server.unwrap().vm_state, VmState::Active);
        cloud
    }

    async fn left(&self) -> Left {
        let id = self.server.clone();
        let read = move |db: &Connection| {
            let ports = network::facade::nics_of(db, &id)?.len();
            Ok((store::get_for_system(db, &id)?, ports))
        };
        let (server, ports) = self.platform.store.read(read).await.unwrap();
        let guests = self.engine.list().await.unwrap().len();
        Left { server, guests, ports }
    }

    /// The operation that was submitted last.
    async fn latest(&self) -> Result<OperationId> {
        let target = operation_target(&self.server);
        let read = move |db: &Connection| list_for_target(db, &target);
        let operations = self.platform.store.read(read).await?;
        Ok(operations.first().unwrap().id.clone())
    }

    /// Does something to the server as an administrator.
    async fn change(
        &self,
        rule: &'static Rule,
        change: fn(&Asked, &Connection) -> Result<()>,
    ) -> Result<()> {
        let asked = Asked {
            platform: Arc::clone(&self.platform),
            caller: caller(),
            rule,
            is_admin: true,
            now: self.platform.clock.now(),
            request_id: RequestId::random(),
            id: self.server.to_string(),
        };
        self.platform.store.write("test", move |db| change(&asked, db)).await
    }

    async fn delete(&self) -> Result<()> {
        let delete = |asked: &Asked, db: &Connection| delete::delete(asked, db, &states::DELETE);
        self.change(&policy::SERVERS_DELETE, delete).await
    }
}

fn caller() -> Caller {
    Caller::internal(&ProjectId::from("p"), &UserId::from("u"))
}

async fn ask_for_server(platform: &Arc<Platform>) -> ServerId {
    let shared = Arc::clone(platform);
    let write = move |db: &Connection| {
        let caller = caller();
        let query = image::facade::ImageQuery::newest(1);
        let images = image::facade::list(db, &shared.policy, &caller, &query)?;
        let request_id = RequestId::random();
        let origin = create::Origin {
            platform: &shared,
            caller: &caller,
            request_id: &request_id,
            now: shared.clock.now(),
        };
        let servers = create::create(&origin, db, &request(&images[0]))?;
        Ok(servers[0].id.clone())
    };
    platform.store.write("test", write).await.unwrap()
}

fn request(image: &image::facade::BootImage) -> CreateServer {
    CreateServer {
        name: "s".to_owned(),
        hostname: None,
        description: None,
        image: image.id.clone(),
        flavor: FlavorId::from("42"),
        networks: NetworkRequest::Auto,
        security_groups: Vec::new(),
        min_count: 1,
        max_count: 1,
        key_name: None,
        user_data: Some("IyEvYmluL3NoCg==".to_owned()),
        metadata: Map::new(),
        tags: Vec::new(),
        personality: Vec::new(),
        zone: Zone::default(),
        requested_host: None,
        config_drive: true,
        admin_password: Secret::new("secret"),
        access_ipv4: None,
        access_ipv6: None,
        auto_disk_config: None,
        hints: Map::new(),
        trusted_certificates: false,
        wants_reservation: false,
    }
}

/// The server is there, whole, in this state, and nothing is being done to it.
async fn is_whole(cloud: &Cloud, state: VmState) {
    let left = cloud.left().await;
    let server = left.server.unwrap();
    assert_eq!((server.vm_state, server.task_state), (state, None));
    assert_eq!((left.guests, left.ports), (1, 1));
}

#[tokio::test]
async fn a_boot_leaves_a_whole_server_or_one_in_error_without_anything() {
    power_cut_matrix(
        Cloud::asked,
        async |cloud: &Cloud| cloud.latest().await,
        async |cloud: &Cloud, operation: &Operation| {
            if operation.state == State::Done {
                return is_whole(cloud, VmState::Active).await;
            }
            let left = cloud.left().await;
            let server = left.server.unwrap();
            assert_eq!((server.vm_state, server.task_state), (VmState::Error, None));
            assert_eq!((left.guests, left.ports, server.host), (0, 0, None));
        },
    )
    .await;
}

#[tokio::test]
async fn a_delete_takes_everything_with_it() {
    power_cut_matrix(
        Cloud::running,
        async |cloud: &Cloud| {
            cloud.delete().await?;
            cloud.latest().await
        },
        async |cloud: &Cloud, operation: &Operation| {
            let left = cloud.left().await;
            if operation.state == State::Done {
                assert!(left.server.is_none());
                assert_eq!((left.guests, left.ports), (0, 0));
            } else {
                assert_eq!(left.server.unwrap().vm_state, VmState::Error);
            }
        },
    )
    .await;
}

#[tokio::test]
async fn a_delete_goes_before_a_boot() {
    pre_empt_matrix(
        Cloud::asked,
        async |cloud: &Cloud| cloud.latest().await,
        async |cloud: &Cloud| cloud.delete().await,
        async |cloud: &Cloud, _: &Operation| {
            let left = cloud.left().await;
            assert!(left.server.is_none());
            assert_eq!((left.guests, left.ports), (0, 0));
        },
    )
    .await;
}

/// An action on a running server ends in `state`, or leaves the server as it was.
async fn survives(
    rule: &'static Rule,
    begin: fn(&Asked, &Connection) -> Result<()>,
    state: VmState,
) {
    power_cut_matrix(
        Cloud::running,
        async |cloud: &Cloud| {
            cloud.change(rule, begin).await?;
            cloud.latest().await
        },
        async |cloud: &Cloud, operation: &Operation| {
            let done = operation.state == State::Done;
            is_whole(cloud, if done { state } else { VmState::Active }).await;
        },
    )
    .await;
}

fn begin(
    asked: &Asked,
    connection: &Connection,
    action: &'static Action,
    workflow: &'static Workflow,
) -> Result<()> {
    let mut server = asked.open_for(connection, action)?;
    asked.begin(connection, &mut server, action, workflow, Value::Null)
}

#[tokio::test]
async fn a_stop_stops_or_leaves_the_server_active() {
    let stop = |asked: &Asked, db: &Connection| begin(asked, db, &states::STOP, &stop::STOP);
    survives(&policy::SERVERS_STOP, stop, VmState::Stopped).await;
}

#[tokio::test]
async fn a_pause_pauses_or_leaves_the_server_active() {
    let pause = |asked: &Asked, db: &Connection| begin(asked, db, &states::PAUSE, &pause::PAUSE);
    survives(&policy::SERVERS_PAUSE, pause, VmState::Paused).await;
}

#[tokio::test]
async fn a_soft_reboot_leaves_the_server_active() {
    let reboot = |asked: &Asked, db: &Connection| {
        begin(asked, db, &states::REBOOT_SOFT, &reboot::REBOOT_SOFT)
    };
    survives(&policy::SERVERS_REBOOT, reboot, VmState::Active).await;
}

#[tokio::test]
async fn a_start_runs_the_guest_or_leaves_it_stopped() {
    let stopped = async || {
        let cloud = Cloud::running().await;
        let stop = |asked: &Asked, db: &Connection| begin(asked, db, &states::STOP, &stop::STOP);
        cloud.change(&policy::SERVERS_STOP, stop).await.unwrap();
        settle(&cloud.platform, WORKFLOWS.iter().copied()).await.unwrap();
        cloud
    };
    power_cut_matrix(
        stopped,
        async |cloud: &Cloud| {
            let start =
                |asked: &Asked, db: &Connection| begin(asked, db, &states::START, &start::START);
            cloud.change(&policy::SERVERS_START, start).await?;
            cloud.latest().await
        },
        async |cloud: &Cloud, operation: &Operation| {
            let done = operation.state == State::Done;
            let state = if done { VmState::Active } else { VmState::Stopped };
            is_whole(cloud, state).await;
        },
    )
    .await;
}
