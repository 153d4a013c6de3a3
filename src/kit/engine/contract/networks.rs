//! Cases about networks and interfaces.

use std::time::Duration;

use futures_util::future;

use super::fixture::{Fixture, Flaw, busy, must, not_found, refused, same};
use crate::engine::{
    Attachment, EngineError, Forward, InstanceSpec, NetworkSpec, Pool, PortRange, Protocol, Routing,
};

type Outcome = Result<(), Flaw>;

/// How much longer each of a crowd may start than the one before.
const CUT_AFTER: Duration = Duration::from_millis(60);

/// The interfaces in a fixed order, engines show them in orders of their own.
fn sorted(mut attachments: Vec<Attachment>) -> Vec<Attachment> {
    attachments.sort_by(|a, b| a.network.cmp(&b.network));
    attachments
}

pub(super) async fn ensuring_twice_makes_one(fixture: &Fixture) -> Outcome {
    let spec = NetworkSpec { mtu: 1400, ..fixture.network("n", 1) };
    let first = fixture.engine.ensure_network(&spec).await?;
    let second = fixture.engine.ensure_network(&spec).await?;
    same(&second.engine_id, &first.engine_id, "the network ensured again")?;
    same(first.pools, spec.pools.clone(), "its pools")?;
    same(first.mtu, spec.mtu, "its MTU")?;
    same(fixture.engine.networks().await?.len(), 1, "networks listed")?;
    fixture.engine.remove_network(&spec.name).await?;
    fixture.engine.remove_network(&spec.name).await?;
    same(fixture.engine.network(&spec.name).await?, None, "the network removed")
}

pub(super) async fn ensuring_at_once_makes_one(fixture: &Fixture) -> Outcome {
    let spec = fixture.network("n", 1);
    let ensured = (0..4).map(|_| fixture.engine.ensure_network(&spec));
    future::try_join_all(ensured).await?;
    same(fixture.engine.networks().await?.len(), 1, "networks listed")
}

pub(super) async fn pools_that_overlap_are_refused(fixture: &Fixture) -> Outcome {
    fixture.engine.ensure_network(&fixture.network("n", 1)).await?;
    let in_use = fixture.engine.pools_in_use().await?;
    let [equal, half, whole] = [(1, 0, 24), (1, 128, 25), (0, 0, 16)]
        .map(|(n, host, length)| format!("{}/{length}", fixture.address(n, host)));
    must(in_use.contains(&equal), format!("pools in use: {in_use:?}"))?;
    for cidr in [equal, half, whole] {
        let pools = vec![Pool { cidr: cidr.clone(), gateway: None }];
        let other = NetworkSpec { pools, ..fixture.network("other", 2) };
        refused(fixture.engine.ensure_network(&other).await, &cidr)?;
        same(fixture.engine.network(&other.name).await?, None, "a network refused")?;
    }
    Ok(())
}

pub(super) async fn an_address_and_a_mac_are_kept_as_given(fixture: &Fixture) -> Outcome {
    fixture.engine.ensure_network(&fixture.network("n", 1)).await?;
    let wish = fixture.on("n", 1, 77);
    let spec = InstanceSpec { attachments: vec![wish.clone()], ..fixture.spec("a") };
    fixture.boot(&spec).await?;
    same(fixture.seen(&spec.name).await?.attachments, vec![wish.clone()], "the interfaces")?;
    fixture.engine.stop(&spec.name, 0).await?;
    fixture.engine.start(&spec.name).await?;
    same(fixture.seen(&spec.name).await?.attachments, vec![wish], "after a stop and a start")
}

pub(super) async fn an_address_is_given_once(fixture: &Fixture) -> Outcome {
    fixture.engine.ensure_network(&fixture.network("n", 1)).await?;
    let first = InstanceSpec { attachments: vec![fixture.on("n", 1, 5)], ..fixture.spec("a") };
    let second = InstanceSpec { attachments: first.attachments.clone(), ..fixture.spec("b") };
    fixture.boot(&first).await?;
    refused(fixture.boot(&second).await, "an address that is taken")?;
    let gateway = InstanceSpec { attachments: vec![fixture.on("n", 1, 1)], ..fixture.spec("c") };
    refused(fixture.boot(&gateway).await, "the address of the gateway")?;
    fixture.engine.remove(&first.name).await?;
    fixture.boot(&second).await?;
    Ok(())
}

pub(super) async fn an_address_outside_of_the_pool_is_refused(fixture: &Fixture) -> Outcome {
    fixture.engine.ensure_network(&fixture.network("n", 1)).await?;
    let spec = InstanceSpec { attachments: vec![fixture.on("n", 9, 5)], ..fixture.spec("a") };
    refused(fixture.boot(&spec).await, "an address of another network")
}

pub(super) async fn two_interfaces_have_their_addresses(fixture: &Fixture) -> Outcome {
    fixture.engine.ensure_network(&fixture.network("m", 1)).await?;
    fixture.engine.ensure_network(&fixture.network("n", 2)).await?;
    let wishes = vec![fixture.on("m", 1, 10), fixture.on("n", 2, 20)];
    let spec = InstanceSpec { attachments: wishes.clone(), ..fixture.spec("a") };
    fixture.boot(&spec).await?;
    let seen = sorted(fixture.seen(&spec.name).await?.attachments);
    let addresses = |all: &[Attachment]| {
        all.iter().map(|one| (one.network.clone(), one.addresses.clone())).collect::<Vec<_>>()
    };
    same(addresses(&seen), addresses(&wishes), "networks and addresses")?;
    let mac = |all: &[Attachment]| all.first().map(|one| one.mac.clone());
    same(mac(&seen), mac(&wishes), "the MAC of the first")?;
    if fixture.engine.info().await?.every_mac {
        same(seen, wishes, "the interfaces")?;
    }
    Ok(())
}

/// A guest on three networks whose names are in no order.
async fn on_three_networks(fixture: &Fixture) -> Result<InstanceSpec, Flaw> {
    let places = [("z", 1), ("b", 2), ("m", 3)];
    for (short, n) in places {
        fixture.engine.ensure_network(&fixture.network(short, n)).await?;
    }
    let attachments = places.map(|(short, n)| fixture.on(short, n, 10)).to_vec();
    let spec = InstanceSpec { attachments, ..fixture.spec("a") };
    fixture.boot(&spec).await?;
    Ok(spec)
}

pub(super) async fn interfaces_are_numbered_in_the_order_of_the_specification(
    fixture: &Fixture,
) -> Outcome {
    let spec = on_three_networks(fixture).await?;
    let addresses = "for n in 0 1 2; do ip -o -4 addr show eth$n; done";
    for moment in ["at first", "after a stop and a start"] {
        let said = fixture.says(&spec.name, addresses).await?;
        let found = [1, 2, 3].map(|n| said.find(&fixture.address(n, 10).to_string()));
        must(found.is_sorted() && found.iter().all(Option::is_some), format!("{moment}: {said}"))?;
        fixture.engine.stop(&spec.name, 0).await?;
        fixture.engine.start(&spec.name).await?;
    }
    Ok(())
}

pub(super) async fn the_guest_has_the_macs_that_are_shown(fixture: &Fixture) -> Outcome {
    let spec = on_three_networks(fixture).await?;
    for moment in ["at first", "after a stop and a start"] {
        let seen = fixture.seen(&spec.name).await?.attachments;
        for (nic, wish) in spec.attachments.iter().enumerate() {
            let file = format!("cat /sys/class/net/eth{nic}/address");
            let said = fixture.says(&spec.name, &file).await?;
            let shown = seen.iter().find(|one| one.network == wish.network);
            let shown = shown.map(|one| one.mac.as_str());
            same(shown, Some(said.trim()), &format!("eth{nic} {moment}"))?;
        }
        fixture.engine.stop(&spec.name, 0).await?;
        fixture.engine.start(&spec.name).await?;
    }
    Ok(())
}

pub(super) async fn the_way_out_is_the_first_interface(fixture: &Fixture) -> Outcome {
    let spec = on_three_networks(fixture).await?;
    let leads_out = async |moment: &str| {
        let said = fixture.says(&spec.name, "ip route").await?;
        let first = format!("default via {} ", fixture.address(1, 1));
        must(said.contains(&first), format!("{moment}: {said}"))
    };
    leads_out("at first").await?;
    fixture.engine.stop(&spec.name, 0).await?;
    fixture.engine.start(&spec.name).await?;
    leads_out("after a stop and a start").await?;
    fixture.engine.ensure_network(&fixture.network("a", 4)).await?;
    fixture.engine.attach(&spec.name, &fixture.on("a", 4, 10)).await?;
    leads_out("with another interface").await?;
    fixture.engine.detach(&spec.name, &fixture.name("a")).await?;
    leads_out("without it").await?;
    for other in spec.attachments.iter().skip(1) {
        fixture.engine.detach(&spec.name, &other.network).await?;
    }
    leads_out("alone").await
}

pub(super) async fn interfaces_come_and_go_while_the_guest_runs(fixture: &Fixture) -> Outcome {
    fixture.engine.ensure_network(&fixture.network("n", 1)).await?;
    let wish = fixture.on("n", 1, 30);
    let network = &wish.network;
    let name = fixture.booted("a").await?;
    same(fixture.seen(&name).await?.attachments, vec![], "no interfaces")?;
    fixture.engine.attach(&name, &wish).await?;
    fixture.engine.attach(&name, &wish).await?;
    let seen = fixture.seen(&name).await?.attachments;
    same(seen.first().map(|one| one.addresses.clone()), Some(wish.addresses.clone()), "attached")?;
    let members: Vec<_> =
        fixture.engine.networks().await?.into_iter().flat_map(|seen| seen.instances).collect();
    same(members, vec![name.clone()], "who is on the networks")?;
    fixture.engine.detach(&name, network).await?;
    fixture.engine.detach(&name, network).await?;
    same(fixture.seen(&name).await?.attachments, vec![], "detached")?;
    fixture.engine.attach(&name, &wish).await?;
    same(fixture.seen(&name).await?.attachments.len(), 1, "attached again")?;
    fixture.engine.stop(&name, 0).await?;
    fixture.engine.start(&name).await?;
    same(fixture.seen(&name).await?.attachments.len(), 1, "after a stop and a start")
}

pub(super) async fn a_network_with_instances_is_busy(fixture: &Fixture) -> Outcome {
    let network = fixture.network("n", 1);
    fixture.engine.ensure_network(&network).await?;
    let spec = InstanceSpec { attachments: vec![fixture.on("n", 1, 5)], ..fixture.spec("a") };
    fixture.engine.create(&spec).await?;
    busy(fixture.engine.remove_network(&network.name).await, "with an instance never started")?;
    fixture.engine.start(&spec.name).await?;
    busy(fixture.engine.remove_network(&network.name).await, "with a running instance")?;
    let listed = fixture.engine.networks().await?;
    let members = listed.into_iter().flat_map(|network| network.instances).collect();
    same(members, vec![spec.name.clone()], "who is on it")?;
    fixture.engine.remove(&spec.name).await?;
    fixture.engine.remove_network(&network.name).await?;
    Ok(())
}

/// As a service leaves them that is killed while guests start, and then deletes them.
pub(super) async fn starts_that_were_cut_off_leave_nothing_on_a_network(
    fixture: &Fixture,
) -> Outcome {
    let network = fixture.network("n", 1);
    fixture.engine.ensure_network(&network).await?;
    let crowd = (10..18u8).map(async |host| {
        let spec = InstanceSpec {
            attachments: vec![fixture.on("n", 1, host)],
            ..fixture.spec(&format!("cut-{host}"))
        };
        fixture.engine.create(&spec).await?;
        let patience = CUT_AFTER * u32::from(host - 10);
        let cut_off = tokio::time::timeout(patience, fixture.engine.start(&spec.name)).await;
        drop(cut_off);
        fixture.engine.remove(&spec.name).await
    });
    future::try_join_all(crowd).await?;
    fixture.engine.remove_network(&network.name).await?;
    Ok(())
}

pub(super) async fn a_network_that_is_not_there_is_not_found(fixture: &Fixture) -> Outcome {
    let spec = InstanceSpec { attachments: vec![fixture.on("gone", 1, 5)], ..fixture.spec("a") };
    not_found(fixture.boot(&spec).await, "a boot on it")?;
    let name = fixture.booted("b").await?;
    not_found(fixture.engine.attach(&name, &fixture.on("gone", 1, 5)).await, "an attachment")?;
    same(fixture.engine.network(&fixture.name("gone")).await?, None, "the network")
}

/// `None` where the engine does not route.
async fn routed(fixture: &Fixture, routing: &Routing) -> Result<Option<()>, Flaw> {
    match fixture.engine.apply_routing(routing).await {
        Err(EngineError::Unsupported(_)) => Ok(None),
        answer => Ok(Some(answer?)),
    }
}

fn joined(fixture: &Fixture) -> Routing {
    let pair = (fixture.name("m"), fixture.name("n"));
    Routing { joined: [pair].into(), ..Routing::default() }
}

pub(super) async fn routing_is_said_again_and_again(fixture: &Fixture) -> Outcome {
    let routing = joined(fixture);
    routed(fixture, &routing).await?;
    for (short, n) in [("m", 1), ("n", 2)] {
        fixture.engine.ensure_network(&fixture.network(short, n)).await?;
        routed(fixture, &routing).await?;
    }
    routed(fixture, &routing).await?;
    routed(fixture, &Routing::default()).await?;
    routed(fixture, &Routing::default()).await?;
    Ok(())
}

pub(super) async fn networks_are_apart_unless_they_are_joined(fixture: &Fixture) -> Outcome {
    let places = [("m", 1), ("n", 2)];
    for (short, n) in places {
        fixture.engine.ensure_network(&fixture.network(short, n)).await?;
        let attachments = vec![fixture.on(short, n, 10)];
        fixture.boot(&InstanceSpec { attachments, ..fixture.spec(short) }).await?;
    }
    let asks = format!("ping -c 1 -W 1 {} >/dev/null", fixture.address(2, 10));
    let reaches =
        async || Ok::<_, Flaw>(fixture.sh(&fixture.name("m"), &asks).await?.exit_code == 0);
    must(!reaches().await?, "apart at first")?;
    if routed(fixture, &joined(fixture)).await?.is_none() {
        return Ok(());
    }
    must(reaches().await?, "not joined")?;
    routed(fixture, &Routing::default()).await?;
    must(!reaches().await?, "still joined")
}

/// Ports 8080 to 8089 of an address on `n` that nobody has, for 80 and those above it of a guest
/// on `m`.
fn forwarded(fixture: &Fixture) -> Routing {
    let forward = Forward {
        outside: fixture.name("n"),
        address: fixture.address(2, 50),
        protocol: Protocol::Tcp,
        ports: PortRange { first: 8080, last: 8089 },
        inside: fixture.name("m"),
        guest: fixture.address(1, 10),
        guest_ports: PortRange { first: 80, last: 89 },
    };
    Routing { forwarded: [forward].into(), ..Routing::default() }
}

pub(super) async fn ports_of_an_address_lead_to_a_guest(fixture: &Fixture) -> Outcome {
    for (short, n) in [("m", 1), ("n", 2)] {
        fixture.engine.ensure_network(&fixture.network(short, n)).await?;
        let attachments = vec![fixture.on(short, n, 10)];
        fixture.boot(&InstanceSpec { attachments, ..fixture.spec(short) }).await?;
    }
    let listens = "for port in 80 83; do (while :; do nc -l -p $port </dev/null; done) & done";
    fixture.sh(&fixture.name("m"), &format!("{{ {listens}; }} >/dev/null 2>&1")).await?;
    let reaches = async |port: u16| {
        let asks = format!("nc -w 1 {} {port} </dev/null", fixture.address(2, 50));
        Ok::<_, Flaw>(fixture.sh(&fixture.name("n"), &asks).await?.exit_code == 0)
    };
    must(!reaches(8080).await?, "nobody at first")?;
    if routed(fixture, &forwarded(fixture)).await?.is_none() {
        return Ok(());
    }
    must(reaches(8080).await? && reaches(8083).await?, "not forwarded")?;
    must(!reaches(80).await?, "a port that is not forwarded")?;
    routed(fixture, &Routing::default()).await?;
    must(!reaches(8080).await?, "still forwarded")
}
