//! One server in a cloud of its own, over the simulated engine: what the matrices work on.

use std::sync::Arc;

use kit::Platform;
use kit::clock::{Clock, Time};
use kit::engine::sim::SimEngine;
use kit::engine::{Instances, Observed, Port, Protocol, owns_image};
use kit::error::Result;
use kit::ids::{
    FlavorId, ImageId, InstallationId, NetworkId, OperationId, ProjectId, RequestId, ServerId,
    UserId,
};
use kit::policy::Caller;
use kit::secret::Secret;
use kit::testing;
use kit::workflow::testkit::{World, settle};
use kit::workflow::{Workflow, list_for_target};
use network::facade::{Kind, NetworkRequest};
use rusqlite::Connection;
use serde_json::{Map, json};

use crate::policy;
use crate::servers::boot::limits;
use crate::servers::container::{Container, Publish};
use crate::servers::logic::Asked;
use crate::servers::model::{
    Fault, PowerState, Server, TaskState, VmState, engine_name, operation_target,
};
use crate::servers::request::{CreateServer, Zone};
use crate::servers::{WORKFLOWS, create, delete, states, store};

/// Something that a request does to the server.
pub(super) type Request = fn(&Asked, &Connection) -> Result<()>;

/// What a guest does in the states that say so.
static POWERS: &[(VmState, PowerState)] = &[
    (VmState::Active, PowerState::Running),
    (VmState::Paused, PowerState::Paused),
    (VmState::Suspended, PowerState::Paused),
    (VmState::Stopped, PowerState::Shutdown),
    (VmState::Rescued, PowerState::Running),
];

/// Shut down, and no guest to show it.
const OFFLOADED: (VmState, PowerState) = (VmState::ShelvedOffloaded, PowerState::Shutdown);

pub(super) struct Cloud {
    pub(super) platform: Arc<Platform>,
    pub(super) engine: SimEngine,
    pub(super) server: ServerId,
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

/// What there is of the server.
pub(super) struct Left {
    pub(super) server: Option<Server>,
    pub(super) fault: Option<Fault>,
    pub(super) ports: usize,
    pub(super) guests: usize,
    /// File systems that are lent.
    pub(super) volumes: usize,
    /// Images that we made on the engine.
    pub(super) snapshots: usize,
}

impl Left {
    /// The states of a server that must be there.
    pub(super) fn states(&self) -> (VmState, Option<TaskState>) {
        let server = self.server.as_ref().unwrap();
        (server.vm_state, server.task_state)
    }
}

impl Cloud {
    /// A cloud in which a server has been asked for.
    pub(super) async fn asked() -> Self {
        Self::asked_for(None).await
    }

    /// A cloud in which a plain container has been asked for, with a port of the host.
    pub(super) async fn asked_for_container() -> Self {
        let port = Port { number: 80, protocol: Protocol::Tcp };
        let publish = vec![Publish { port, host_port: None }];
        Self::asked_for(Some(Container { publish, ..Container::default() })).await
    }

    async fn asked_for(container: Option<Container>) -> Self {
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
        let server = ask_for_server(&platform, container).await;
        Self { platform, engine, server, _folder: folder }
    }

    /// A cloud with a server that runs and to which these were done.
    pub(super) async fn after(requests: &[Request]) -> Self {
        let cloud = Self::asked().await;
        cloud.settle().await;
        for request in requests {
            cloud.request(*request).await.unwrap();
            cloud.settle().await;
        }
        cloud
    }

    /// A cloud with a server that runs and a container beside it, which is the cloud's server.
    pub(super) async fn with_neighbour() -> Self {
        let cloud = Self::after(&[]).await;
        let own = Container { beside: Some(cloud.server.clone()), ..Container::default() };
        let server = ask_for_server(&cloud.platform, Some(own)).await;
        cloud.settle().await;
        Self { server, ..cloud }
    }

    /// Lets everything come to its end.
    pub(super) async fn settle(&self) {
        settle(&self.platform, WORKFLOWS.iter().copied()).await.unwrap();
    }

    /// Does something to the server as an administrator.
    pub(super) async fn request(&self, request: Request) -> Result<()> {
        self.request_of(&self.server, request).await
    }

    /// The same to another one.
    pub(super) async fn request_of(&self, id: &ServerId, request: Request) -> Result<()> {
        let asked = Asked {
            platform: Arc::clone(&self.platform),
            caller: caller(),
            rule: &policy::SERVERS_SHOW,
            is_admin: true,
            now: self.platform.clock.now(),
            request_id: RequestId::random(),
            id: id.to_string(),
        };
        self.platform.store.write("test", move |db| request(&asked, db)).await
    }

    pub(super) async fn delete(&self) -> Result<()> {
        self.request(|asked, db| delete::delete(asked, db, &states::DELETE)).await
    }

    /// The operation that was submitted last.
    pub(super) async fn latest(&self) -> Result<OperationId> {
        self.latest_on(operation_target(&self.server)).await
    }

    /// The same on another target.
    pub(super) async fn latest_on(&self, target: String) -> Result<OperationId> {
        let read = move |db: &Connection| list_for_target(db, &target);
        let operations = self.platform.store.read(read).await?;
        Ok(operations.first().unwrap().id.clone())
    }

    pub(super) async fn left(&self) -> Left {
        let id = self.server.clone();
        let read = move |db: &Connection| {
            Ok(Left {
                server: store::get_for_system(db, &id)?,
                fault: store::latest_faults(db, &[&id])?.pop().map(|(_, fault)| fault),
                ports: network::facade::nics_of(db, &id)?.len(),
                guests: 0,
                volumes: 0,
                snapshots: 0,
            })
        };
        let left = self.platform.store.read(read).await.unwrap();
        let there = self.engine.snapshot();
        let ours = |image: &&_| owns_image(&self.platform.installation, image);
        Left {
            guests: there.instances.len(),
            volumes: there.volumes.len(),
            snapshots: there.images.iter().filter(ours).count(),
            ..left
        }
    }

    /// The server's image.
    pub(super) async fn image(&self) -> ImageId {
        self.left().await.server.unwrap().image_id.unwrap()
    }

    /// The server's guest, which must be there.
    pub(super) async fn guest(&self) -> Observed {
        self.engine.inspect(&engine_name(&self.server)).await.unwrap().unwrap()
    }

    /// How many ports of the host are given to containers.
    pub(super) async fn host_ports(&self) -> usize {
        self.platform.store.read(store::host_ports).await.unwrap().len()
    }

    /// Whether there is a row, deleted or not, and the server's operations, newest first.
    pub(super) async fn history(&self) -> (bool, Vec<String>) {
        let id = self.server.clone();
        let read = move |db: &Connection| {
            let operations = list_for_target(db, &operation_target(&id))?;
            let row = store::get_even_deleted(db, id.as_str(), None)?;
            Ok((row.is_some(), operations.into_iter().map(|row| row.label).collect()))
        };
        self.platform.store.read(read).await.unwrap()
    }

    /// Lets everything be looked at as at every interval, and come to its end.
    pub(super) async fn reconcile(&self) {
        for service in [&image::SERVICE, &network::SERVICE, &crate::SERVICE] {
            for reconciler in (service.reconcilers)() {
                reconciler.all(&self.platform).await.unwrap();
            }
        }
        self.settle().await;
    }

    /// Row and guest say the same of a server that is there, once both have been looked at.
    pub(super) async fn agrees(&self) {
        self.reconcile().await;
        let server = self.left().await.server.unwrap();
        let seen = self.engine.power(&server.engine_name()).map(states::power_state);
        let noted = (server.vm_state, server.power_state);
        assert!(seen.unwrap_or(PowerState::NoState) == noted.1 || noted == OFFLOADED);
        let row = POWERS.iter().find(|(state, _)| *state == server.vm_state);
        let expected = row.map_or(seen, |(_, power)| Some(*power));
        assert_eq!(seen, expected, "{}", server.vm_state);
        if let Some(guest) = self.engine.inspect(&server.engine_name()).await.unwrap() {
            assert_eq!(guest.attachments.len(), self.left().await.ports);
        }
    }

    /// The guest, if there is one, is held to the server's flavor.
    pub(super) async fn limits_are_the_flavors(&self) {
        let server = self.left().await.server.unwrap();
        let Some(guest) = self.engine.inspect(&server.engine_name()).await.unwrap() else { return };
        let expected = limits(&server.flavor, false);
        assert_eq!(guest.limits.vcpus, expected.vcpus);
        assert_eq!(guest.limits.memory_bytes, expected.memory_bytes);
    }

    /// What a delete leaves of the server, however it was left before: nothing.
    pub(super) async fn vanishes(&self) {
        self.delete().await.unwrap();
        self.settle().await;
        let left = self.left().await;
        assert!(left.server.is_none());
        assert_eq!((left.guests, left.volumes, left.ports), (0, 0, 0));
    }
}

/// A network of the project, beside the one that its servers are on by themselves.
pub(super) fn another_network(asked: &Asked, connection: &Connection) -> Result<NetworkId> {
    let delegate = network::facade::Delegate {
        platform: &asked.platform,
        connection,
        caller: &asked.caller,
        now: asked.now,
    };
    let make = |kind, given: serde_json::Value| {
        let made = delegate.create(kind, given.as_object().unwrap().clone())?;
        Ok::<_, kit::Error>(made["id"].as_str().unwrap().to_owned())
    };
    let network = make(Kind::Network, json!({"name": "other"}))?;
    let range = json!({"network_id": network, "ip_version": 4, "cidr": "10.99.0.0/24"});
    make(Kind::Subnet, range)?;
    Ok(NetworkId::from(network))
}

fn caller() -> Caller {
    Caller::internal(&ProjectId::from("p"), &UserId::from("u"))
}

async fn ask_for_server(platform: &Arc<Platform>, container: Option<Container>) -> ServerId {
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
        let servers = create::create(&origin, db, &request(&images[0], container))?;
        Ok(servers[0].id.clone())
    };
    platform.store.write("test", write).await.unwrap()
}

fn request(image: &image::facade::BootImage, container: Option<Container>) -> CreateServer {
    let is_beside = container.as_ref().is_some_and(|own| own.beside.is_some());
    CreateServer {
        name: "s".to_owned(),
        hostname: None,
        description: None,
        image: image.id.clone(),
        flavor: FlavorId::from("42"),
        networks: if is_beside { NetworkRequest::None } else { NetworkRequest::Auto },
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
        container,
    }
}
