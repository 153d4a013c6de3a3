//! Cases about volumes, about objects of others, about events and the host.

use bytes::Bytes;
use futures_util::StreamExt;

use super::fixture::{Fixture, Flaw, in_time, must, refused, same};
use crate::clock::{Clock, Time};
use crate::engine::{Bind, EngineEvent, EventStream, GuestFile, InstanceSpec, Labels};

type Outcome = Result<(), Flaw>;

pub(super) async fn volumes_are_made_once_and_removed(fixture: &Fixture) -> Outcome {
    let name = fixture.name("v");
    let labels: Labels = [("novadock.id".to_owned(), "v".to_owned())].into();
    let first = fixture.engine.ensure_volume(&name, &labels).await?;
    let second = fixture.engine.ensure_volume(&name, &labels).await?;
    same(&second, &first, "the volume ensured again")?;
    same(fixture.engine.volumes().await?, vec![first], "volumes listed")?;
    fixture.engine.remove_volume(&name).await?;
    fixture.engine.remove_volume(&name).await?;
    same(fixture.engine.volumes().await?, vec![], "volumes left")
}

pub(super) async fn a_root_that_is_lent_is_read_and_written_in_its_place(
    fixture: &Fixture,
) -> Outcome {
    let (engine, volume, labels) = (&fixture.engine, fixture.name("v"), Labels::new());
    let owner = fixture.booted("a").await?;
    engine.put_files(&owner, &[note("/from-owner")]).await?;
    refused(engine.lend_root(&owner, &volume, &labels).await, "the root of what runs")?;
    engine.stop(&owner, 0).await?;
    let first = engine.lend_root(&owner, &volume, &labels).await?;
    same(engine.lend_root(&owner, &volume, &labels).await?, first, "the root lent again")?;

    let root = Bind { source: volume.clone(), target: "/mnt".to_owned(), read_only: false };
    let spec = InstanceSpec { binds: vec![root], ..fixture.spec("b") };
    fixture.boot(&spec).await?;
    let read = engine.read_file(&spec.name, "/mnt/from-owner", 100).await?;
    must(read.is_some(), "the owner's file is seen")?;
    engine.put_files(&spec.name, &[note("/mnt/from-guest")]).await?;
    engine.remove(&spec.name).await?;
    engine.remove_volume(&volume).await?;
    engine.start(&owner).await?;
    let read = engine.read_file(&owner, "/from-guest", 100).await?;
    must(read.is_some(), "the guest's file is the owner's")
}

fn note(path: &str) -> GuestFile {
    let content = Some(Bytes::from_static(b"note"));
    GuestFile { path: path.to_owned(), content, mode: 0o644, uid: 0, gid: 0 }
}

pub(super) async fn objects_of_others_are_neither_seen_nor_touched(fixture: &Fixture) -> Outcome {
    let (ours, theirs) = (&fixture.engine, &fixture.other);
    let (spec, network) = (fixture.spec("a"), fixture.network("n", 1));
    let volume = fixture.name("v");
    theirs.ensure_network(&network).await?;
    theirs.ensure_volume(&volume, &Labels::new()).await?;
    theirs.create(&spec).await?;

    same(ours.list().await?, vec![], "instances listed")?;
    same(ours.networks().await?, vec![], "networks listed")?;
    same(ours.volumes().await?, vec![], "volumes listed")?;
    same(ours.inspect(&spec.name).await?, None, "their instance")?;
    same(ours.network(&network.name).await?, None, "their network")?;
    refused(ours.create(&spec).await, "an instance of the same name")?;
    refused(ours.ensure_network(&network).await, "a network of the same name")?;
    refused(ours.ensure_volume(&volume, &Labels::new()).await, "a volume of the same name")?;
    ours.remove(&spec.name).await?;
    ours.remove_network(&network.name).await?;
    ours.remove_volume(&volume).await?;

    must(theirs.inspect(&spec.name).await?.is_some(), "their instance is left alone")?;
    must(theirs.network(&network.name).await?.is_some(), "their network is left alone")?;
    same(theirs.volumes().await?.len(), 1, "their volumes")
}

/// Reads on until the event comes; others may come before it.
async fn hear(events: &mut EventStream, wanted: &EngineEvent) -> Outcome {
    in_time(&format!("{wanted:?} is told"), async {
        while let Some(event) = events.next().await {
            if event? == *wanted {
                return Ok(());
            }
        }
        Err(Flaw("the stream has ended".into()))
    })
    .await
}

pub(super) async fn events_tell_of_the_life_of_an_instance(fixture: &Fixture) -> Outcome {
    let mut events = fixture.engine.events(None).await?;
    let mut their_events = fixture.other.events(None).await?;
    let spec = fixture.spec("a");
    let told = EngineEvent::Instance(spec.name.clone());
    fixture.engine.create(&spec).await?;
    hear(&mut events, &told).await?;
    fixture.engine.start(&spec.name).await?;
    hear(&mut events, &told).await?;
    fixture.engine.stop(&spec.name, 0).await?;
    hear(&mut events, &told).await?;
    fixture.engine.remove(&spec.name).await?;
    hear(&mut events, &told).await?;

    let sentinel = fixture.spec("theirs");
    fixture.other.create(&sentinel).await?;
    let mut heard = Vec::new();
    in_time("their own event", async {
        while let Some(event) = their_events.next().await {
            heard.push(event?);
            if heard.contains(&EngineEvent::Instance(sentinel.name.clone())) {
                return Ok(());
            }
        }
        Err(Flaw("the stream has ended".into()))
    })
    .await?;
    must(!heard.contains(&told), format!("others hear nothing of ours: {heard:?}"))
}

pub(super) async fn events_are_told_from_a_time_in_the_past(fixture: &Fixture) -> Outcome {
    let before: Time = Clock::system().now();
    let name = fixture.booted("a").await?;
    let network = fixture.network("n", 1);
    fixture.engine.ensure_network(&network).await?;
    let mut events = fixture.engine.events(Some(before)).await?;
    hear(&mut events, &EngineEvent::Instance(name)).await?;
    hear(&mut events, &EngineEvent::Network(network.name)).await
}

pub(super) async fn the_host_says_what_it_is(fixture: &Fixture) -> Outcome {
    fixture.engine.ping().await?;
    let info = fixture.engine.info().await?;
    must(info.cpus > 0 && info.memory_bytes > 0, format!("a machine: {info:?}"))?;
    must(info.disk_free_bytes <= info.disk_bytes, format!("its disk: {info:?}"))?;
    must(!info.version.is_empty() && !info.architecture.is_empty(), format!("named: {info:?}"))
}
