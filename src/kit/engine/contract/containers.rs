//! Cases about plain containers.

use std::time::Duration;

use super::fixture::{Fixture, Flaw, must, not_found, refused, same};
use crate::engine::{ContainerSpec, InstanceSpec, Port, Protocol, Published};

type Outcome = Result<(), Flaw>;

const PATIENCE: Duration = Duration::from_secs(10);
/// Outside of what systems give out by themselves.
const HOST_PORT: u16 = 19_877;

/// One that stays up, though nobody sits at it.
fn container(fixture: &Fixture, short: &str, own: ContainerSpec) -> InstanceSpec {
    let command = Some(Fixture::shell("sleep 600"));
    InstanceSpec { command, container: Some(own), ..fixture.spec(short) }
}

pub(super) async fn the_first_line_is_waited_for(fixture: &Fixture) -> Outcome {
    let script = "sleep 1; echo one; echo two; sleep 600";
    let own = container(fixture, "a", ContainerSpec::default());
    let spec = InstanceSpec { command: Some(Fixture::shell(script)), ..own };
    fixture.boot(&spec).await?;
    let line = fixture.engine.first_line(&spec.name, PATIENCE).await?;
    let again = fixture.engine.first_line(&spec.name, PATIENCE).await?;
    must(line.as_deref().is_some_and(|line| !line.is_empty()), "there is a first line")?;
    same(again, line, "the first line")
}

pub(super) async fn a_port_of_the_host_is_given_once(fixture: &Fixture) -> Outcome {
    let port = Port { number: 80, protocol: Protocol::Tcp };
    let published = vec![Published { port, host_port: HOST_PORT }];
    let own = ContainerSpec { published, ..ContainerSpec::default() };
    fixture.engine.ensure_network(&fixture.network("n", 1)).await?;
    let on = |short: &str, host| InstanceSpec {
        attachments: vec![fixture.on("n", 1, host)],
        ..container(fixture, short, own.clone())
    };
    let (first, second) = (on("a", 5), on("b", 6));
    fixture.boot(&first).await?;
    refused(fixture.boot(&second).await, "a port that another has")?;
    fixture.engine.remove(&first.name).await?;
    fixture.engine.start(&second.name).await?;
    Ok(())
}

pub(super) async fn what_shares_a_network_has_no_interface_and_needs_its_neighbour(
    fixture: &Fixture,
) -> Outcome {
    fixture.engine.create(&fixture.spec("a")).await?;
    let spec = beside(fixture, "a");
    fixture.engine.create(&spec).await?;
    refused(fixture.engine.start(&spec.name).await, "the start beside what does not run")?;
    fixture.engine.start(&fixture.name("a")).await?;
    fixture.engine.start(&spec.name).await?;
    same(fixture.seen(&spec.name).await?.attachments, Vec::new(), "its own interfaces")
}

pub(super) async fn a_neighbour_is_the_one_that_was_there(fixture: &Fixture) -> Outcome {
    let name = fixture.booted("a").await?;
    let spec = beside(fixture, "a");
    fixture.boot(&spec).await?;
    fixture.engine.stop(&spec.name, 0).await?;
    fixture.engine.remove(&name).await?;
    fixture.booted("a").await?;
    not_found(fixture.engine.start(&spec.name).await, "the start beside another of that name")?;
    fixture.engine.remove(&spec.name).await?;
    Ok(fixture.boot(&spec).await?)
}

pub(super) async fn a_container_runs_as_it_is_told(fixture: &Fixture) -> Outcome {
    let own = ContainerSpec {
        user: "7:8".into(),
        read_only: true,
        volumes: vec!["/srv".into()],
        extra_hosts: "10.9.8.7".parse().map(|address| ("db".into(), address)).into_iter().collect(),
        ..ContainerSpec::default()
    };
    let spec = container(fixture, "a", own);
    fixture.boot(&spec).await?;
    let said = fixture.says(
        &spec.name,
        "stat -L -c '%u %g' /proc/self; cat /etc/hosts; echo x 2>&1 >/x || echo no",
    );
    let said = said.await?;
    must(said.starts_with("7 8\n"), format!("who it is: {said}"))?;
    must(said.contains("10.9.8.7"), format!("the hosts that it knows: {said}"))?;
    must(said.ends_with("no\n"), format!("its root cannot be written: {said}"))
}

pub(super) async fn neighbours_have_one_address(fixture: &Fixture) -> Outcome {
    fixture.engine.ensure_network(&fixture.network("n", 1)).await?;
    let spec = InstanceSpec { attachments: vec![fixture.on("n", 1, 5)], ..fixture.spec("a") };
    fixture.boot(&spec).await?;
    let neighbour = beside(fixture, "a");
    fixture.boot(&neighbour).await?;
    let addresses = fixture.says(&neighbour.name, "ip addr").await?;
    must(
        addresses.contains(&fixture.address(1, 5).to_string()),
        format!("the neighbour's address: {addresses}"),
    )
}

/// An instance that shares the network of the one of that name.
fn beside(fixture: &Fixture, short: &str) -> InstanceSpec {
    let neighbour = Some(fixture.name(short));
    let own = ContainerSpec { beside: neighbour, ..ContainerSpec::default() };
    container(fixture, "beside", own)
}
