//! The promises of the facade, over a real database and the simulated engine.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use futures_util::future::try_join_all;
use ipnet::IpNet;
use kit::engine::sim::{Fault, SimEngine, When};
use kit::engine::{InstanceSpec, Instances, NetworkSpec, Networks, Pool};
use kit::error::{Kind, Result};
use kit::ids::{InstallationId, NetworkId, ProjectId, ServerId, UserId};
use kit::platform::Platform;
use kit::policy::Caller;
use rusqlite::Connection;

use crate::address_groups::model::NewAddressGroup;
use crate::facade::{self, Binding, NetworkRequest, Nic, RequestedNic};
use crate::networks::model::NetworkChange;
use crate::ports::model::PortStatus;
use crate::{
    MIGRATIONS, address_groups, filters, networks, policy, quotas, reconcile, security_group_rules,
    security_groups,
};

const IMAGE: &str = "novadock/tiny:latest";

pub(crate) struct Cloud {
    pub(crate) platform: Arc<Platform>,
    engine: Arc<SimEngine>,
    project: ProjectId,
    _folder: tempfile::TempDir,
}

/// What the root's settings would say; kit's test platform has no limits.
pub(crate) async fn cloud() -> Cloud {
    let cloud = bare();
    facade::bootstrap(&cloud.platform, &ProjectId::from("admin")).await.unwrap();
    cloud
}

fn bare() -> Cloud {
    let folder = tempfile::tempdir().unwrap();
    let installation = InstallationId::from("00000000000000000000000000000001");
    let engine = Arc::new(SimEngine::with_images(installation, &[IMAGE]));
    let shared: Arc<SimEngine> = Arc::clone(&engine);
    let platform = kit::testing::platform(folder.path(), shared)
        .migrations(MIGRATIONS)
        .rules(policy::ALL)
        .resources(quotas::ALL)
        .build()
        .unwrap();
    Cloud { platform, engine, project: ProjectId::from("demo"), _folder: folder }
}

impl Cloud {
    pub(crate) fn member(&self) -> Caller {
        let mut caller = Caller::internal(&self.project, &UserId::from("someone"));
        caller.roles = vec!["member".to_owned(), "reader".to_owned()];
        caller
    }

    async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Platform, &Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let platform = Arc::clone(&self.platform);
        self.platform.store.write("test", move |connection| write(&platform, connection)).await
    }

    async fn boot(&self, request: NetworkRequest) -> Result<(ServerId, Vec<Nic>)> {
        let (caller, server) = (self.member(), ServerId::random());
        self.write(move |platform, connection| {
            let planned = facade::validate_requests(platform, connection, &caller, &request, 1)?;
            let project = caller.require_project()?;
            let binding = Binding {
                project,
                server: &server,
                host: "here",
                security_groups: &[],
                port_security: None,
            };
            let now = platform.clock.now();
            let nics = facade::allocate(platform, connection, now, &binding, &planned)?;
            Ok((server, nics))
        })
        .await
    }

    async fn network(&self, name: &'static str) -> networks::model::Network {
        self.platform
            .store
            .read(move |connection| {
                let all = networks::store::list(connection, None)?;
                let admin = Caller::internal(&ProjectId::from("admin"), &UserId::from("admin"));
                let policy = kit::policy::Enforcer::new(&[policy::ALL], None)?;
                let mut open =
                    all.into_iter().flat_map(|row| row.open(&policy, &admin, &policy::GET_NETWORK));
                Ok(open.find(|row| row.name == name).unwrap())
            })
            .await
            .unwrap()
    }
}

fn on(network: NetworkId) -> RequestedNic {
    RequestedNic { network: Some(network), ..RequestedNic::default() }
}

#[tokio::test]
async fn sixty_four_boots_at_once_get_sixty_four_addresses() {
    let cloud = cloud().await;
    let boots = (0..64).map(|_| cloud.boot(NetworkRequest::Auto));
    let booted = try_join_all(boots).await.unwrap();
    let addresses: BTreeSet<IpAddr> =
        booted.iter().flat_map(|(_, nics)| nics).map(|nic| nic.addresses[0].0).collect();
    let macs: BTreeSet<&str> =
        booted.iter().flat_map(|(_, nics)| nics).map(|nic| nic.mac.as_str()).collect();
    assert_eq!((addresses.len(), macs.len()), (64, 64));
    assert!(!addresses.contains(&"172.24.16.1".parse().unwrap()), "the gateway's own");
}

#[tokio::test]
async fn a_server_gives_its_ports_back() {
    let cloud = cloud().await;
    let (server, nics) = cloud.boot(NetworkRequest::Auto).await.unwrap();
    assert_eq!(nics[0].network_name, "shared");
    let address = nics[0].addresses[0].0;
    let seen = server.clone();
    let found = cloud
        .write(move |platform, connection| {
            let now = platform.clock.now();
            facade::set_port_status(connection, now, &seen, PortStatus::Active)?;
            let found = facade::server_of_address(connection, address)?;
            assert_eq!(facade::nics_of(connection, &seen)?[0].status, PortStatus::Active);
            facade::release(connection, now, &seen)?;
            assert_eq!(facade::nics_of(connection, &seen)?, []);
            assert_eq!(facade::server_of_address(connection, address)?, None);
            Ok(found)
        })
        .await
        .unwrap();
    assert_eq!(found, Some((server, cloud.project.clone())));
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_novas_words() {
    let cloud = cloud().await;
    let public = cloud.network("public").await.id;
    let shared = cloud.network("shared").await.id;
    let nowhere = NetworkId::from("00000000-0000-0000-0000-00000000dead");
    let port = RequestedNic { port: Some("no-port".into()), ..RequestedNic::default() };
    let outside = RequestedNic { fixed_ip: "10.9.9.9".parse().ok(), ..on(shared.clone()) };
    let cases = [
        (on(nowhere), "Network 00000000-0000-0000-0000-00000000dead could not be found."),
        (port, "Port id no-port could not be found."),
        (outside, "Fixed IP 10.9.9.9 is not a valid ip address for network"),
        (on(public), "It is not allowed to create an interface on external network"),
    ];
    for (nic, sentence) in cases {
        let error = cloud.boot(NetworkRequest::List(vec![nic])).await.unwrap_err();
        assert!(error.public.starts_with(sentence), "{error}");
    }
    let fixed = RequestedNic { fixed_ip: "172.24.16.77".parse().ok(), ..on(shared) };
    cloud.boot(NetworkRequest::List(vec![fixed.clone()])).await.unwrap();
    let error = cloud.boot(NetworkRequest::List(vec![fixed])).await.unwrap_err();
    assert!(error.public.starts_with("Fixed IP address 172.24.16.77 is already in use"), "{error}");
    assert_eq!(error.kind, Kind::BadRequest);
}

#[tokio::test]
async fn security_groups_are_found_by_name() {
    let cloud = cloud().await;
    let caller = cloud.member();
    let names = cloud
        .write(move |platform, connection| {
            let now = platform.clock.now();
            let unknown = ["nope".to_owned()];
            let error =
                facade::resolve_security_groups(connection, now, &caller, &unknown).unwrap_err();
            assert_eq!(error.public, "Unable to find security_group with name or id 'nope'");
            let default = ["default".to_owned()];
            facade::resolve_security_groups(connection, now, &caller, &default)
        })
        .await
        .unwrap();
    assert_eq!(names.len(), 1);
    let (server, _) = cloud.boot(NetworkRequest::Auto).await.unwrap();
    let asked = server.clone();
    let groups = cloud
        .write(move |_, connection| facade::security_groups_of_many(connection, &[asked]))
        .await
        .unwrap();
    assert_eq!(groups[&server], ["default"]);
}

#[tokio::test]
async fn a_network_reaches_the_engine_with_its_first_guest_and_leaves_with_its_row() {
    let cloud = cloud().await;
    let (server, nics) = cloud.boot(NetworkRequest::Auto).await.unwrap();
    let name = &nics[0].engine_network;
    let is_there = async || cloud.engine.network(name).await.unwrap().is_some();
    cloud.engine.remove_behind_back(name);
    let attachments = facade::ensure_engine_networks(&cloud.platform, &nics).await.unwrap();
    let again = facade::ensure_engine_networks(&cloud.platform, &nics).await.unwrap();
    assert_eq!(attachments, again);
    assert!(is_there().await);
    let spec = InstanceSpec {
        name: format!("nova-{server}"),
        image: IMAGE.to_owned(),
        attachments,
        ..InstanceSpec::default()
    };
    cloud.engine.create(&spec).await.unwrap();
    cloud.engine.start(&spec.name).await.unwrap();
    let network = nics[0].network.clone();
    cloud
        .write(move |platform, connection| {
            facade::release(connection, platform.clock.now(), &server)?;
            networks::store::delete(connection, &network)
        })
        .await
        .unwrap();
    reconcile::sweep(&cloud.platform).await.unwrap();
    assert!(is_there().await, "a guest is still on it");
    cloud.engine.remove(&spec.name).await.unwrap();
    reconcile::sweep(&cloud.platform).await.unwrap();
    assert!(!is_there().await);
}

#[tokio::test]
async fn a_network_of_another_mtu_is_made_anew() {
    let cloud = cloud().await;
    let (server, nics) = cloud.boot(NetworkRequest::Auto).await.unwrap();
    facade::ensure_engine_networks(&cloud.platform, &nics).await.unwrap();
    let mtu = async || cloud.engine.network(&nics[0].engine_network).await.unwrap().unwrap().mtu;
    assert_eq!(mtu().await, 1500);
    let network = cloud.network("shared").await;
    cloud
        .write(move |platform, connection| {
            let (now, settings) = (platform.clock.now(), &platform.settings.network);
            facade::release(connection, now, &server)?;
            let change = NetworkChange { mtu: Some(1400), ..NetworkChange::default() };
            networks::logic::update(connection, now, settings, network, change)
        })
        .await
        .unwrap();
    facade::ensure_engine_networks(&cloud.platform, &nics).await.unwrap();
    assert_eq!(mtu().await, 1400);
}

#[tokio::test]
async fn a_filter_follows_the_address_group_that_a_rule_names() {
    let cloud = cloud().await;
    let (server, _) = cloud.boot(NetworkRequest::Auto).await.unwrap();
    let (project, booted) = (cloud.project.clone(), server.clone());
    let ranges = |texts: &[&str]| -> BTreeSet<IpNet> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    };
    let (first, more) = (ranges(&["192.0.2.0/24", "2001:db8::/64"]), ranges(&["198.51.100.0/24"]));
    let admitted = cloud
        .write(move |platform, connection| {
            let now = platform.clock.now();
            let new = NewAddressGroup { addresses: first, ..NewAddressGroup::default() };
            let group = address_groups::logic::create(connection, now, &project, new)?;
            let default = security_groups::logic::ensure_default(connection, now, &project)?;
            let default = security_groups::store::get_for_system(connection, &default)?.unwrap();
            let body = serde_json::json!({"security_group_id": default.id, "direction": "ingress",
                "remote_address_group_id": group.id});
            let rule = serde_json::from_value(body)?;
            security_group_rules::logic::create(connection, now, &default, rule)?;
            let (last, _) = facade::due_filters(connection)?.unwrap();
            facade::forget_due_filters(connection, last)?;
            address_groups::logic::add(connection, now, group, &more)?;
            let due = facade::due_filters(connection)?.unwrap().1;
            assert_eq!(due, std::slice::from_ref(&booted));
            let filters = filters::of_servers(connection, &due, true)?;
            let guard = filters.into_values().next().unwrap().interfaces.remove(0).guard.unwrap();
            Ok(guard
                .admitted
                .into_iter()
                .filter_map(|admitted| admitted.remote)
                .collect::<Vec<_>>())
        })
        .await
        .unwrap();
    let wanted: Arc<[IpNet]> = ranges(&["192.0.2.0/24", "198.51.100.0/24"]).into_iter().collect();
    assert!(admitted.contains(&wanted), "{admitted:?}");
}

#[tokio::test]
async fn bootstrap_steps_aside_for_another_installation_and_is_done_once() {
    let cloud = bare();
    let other = cloud.engine.as_installation(InstallationId::from("other"));
    let pool = Pool { cidr: "172.24.16.0/20".to_owned(), gateway: None };
    let theirs = NetworkSpec { name: "theirs".into(), pools: vec![pool], ..NetworkSpec::default() };
    other.ensure_network(&theirs).await.unwrap();
    let admin = ProjectId::from("admin");
    facade::bootstrap(&cloud.platform, &admin).await.unwrap();
    facade::bootstrap(&cloud.platform, &admin).await.unwrap();
    let ranges =
        cloud.write(|_, connection| crate::subnets::store::ranges(connection)).await.unwrap();
    let texts: Vec<String> = ranges.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["172.24.4.0/24", "172.24.32.0/20"]);
}

#[tokio::test]
async fn of_two_installations_that_start_at_once_one_takes_the_next_range() {
    let cloud = bare();
    cloud.engine.faults().order("ensure_network", When::Nth(1), Fault::Hang);
    let other = cloud.engine.as_installation(InstallationId::from("other"));
    let pool = Pool { cidr: "172.24.4.0/24".to_owned(), gateway: None };
    let theirs = NetworkSpec { name: "theirs".into(), pools: vec![pool], ..NetworkSpec::default() };
    let quicker = async {
        while cloud.engine.faults().calls("ensure_network") == 0 {
            tokio::task::yield_now().await;
        }
        other.ensure_network(&theirs).await.unwrap();
        cloud.engine.faults().release();
    };
    let admin = ProjectId::from("admin");
    let (made, ()) = tokio::join!(facade::bootstrap(&cloud.platform, &admin), quicker);
    made.unwrap();
    let ranges =
        cloud.write(|_, connection| crate::subnets::store::ranges(connection)).await.unwrap();
    let rows: Vec<String> = ranges.iter().map(ToString::to_string).collect();
    assert_eq!(rows, ["172.24.5.0/24", "172.24.16.0/20"]);
    reconcile::sweep(&cloud.platform).await.unwrap();
    let kept = cloud.engine.networks().await.unwrap();
    let mut kept: Vec<_> = kept.into_iter().flat_map(|network| network.pools).collect();
    kept.sort_by(|a, b| a.cidr.cmp(&b.cidr));
    assert_eq!(
        kept.into_iter().map(|pool| pool.cidr).collect::<Vec<_>>(),
        ["172.24.16.0/20", "172.24.5.0/24"]
    );
}

#[tokio::test]
async fn an_engine_that_is_away_does_not_keep_the_house_from_starting() {
    let cloud = bare();
    cloud.engine.set_unreachable(true);
    facade::bootstrap(&cloud.platform, &ProjectId::from("admin")).await.unwrap();
    let ranges =
        cloud.write(|_, connection| crate::subnets::store::ranges(connection)).await.unwrap();
    assert_eq!(ranges.len(), 2);
}
