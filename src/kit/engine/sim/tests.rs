use std::time::Duration;

use futures_util::StreamExt;

use super::*;
use crate::engine::{
    Attachment, EngineEvent, Host, Images, InstanceSpec, Instances, Limits, NetworkSpec, Networks,
    Pool,
};

const IMAGE: &str = "novadock/tiny:latest";

fn engine() -> SimEngine {
    SimEngine::with_images("one".into(), &[IMAGE])
}

fn spec(name: &str) -> InstanceSpec {
    InstanceSpec { name: name.into(), image: IMAGE.into(), ..InstanceSpec::default() }
}

fn on(network: &str, address: &str) -> Attachment {
    Attachment {
        network: network.into(),
        addresses: vec![address.parse().unwrap()],
        mac: "fa:16:3e:00:00:01".into(),
        up: true,
    }
}

fn network(name: &str, cidr: &str) -> NetworkSpec {
    let pool = Pool { cidr: cidr.into(), gateway: None };
    NetworkSpec { name: name.into(), pools: vec![pool], ..NetworkSpec::default() }
}

async fn boot(engine: &SimEngine, spec: &InstanceSpec) -> EngineResult<()> {
    engine.create(spec).await?;
    engine.start(&spec.name).await
}

#[tokio::test]
async fn a_fixed_address_is_free_again_once_its_guest_stops() {
    let engine = engine();
    engine.ensure_network(&network("n", "10.0.0.0/24")).await.unwrap();
    let first = InstanceSpec { attachments: vec![on("n", "10.0.0.9")], ..spec("a") };
    let second = InstanceSpec { name: "b".into(), ..first.clone() };
    boot(&engine, &first).await.unwrap();
    assert!(matches!(boot(&engine, &second).await, Err(EngineError::Refused(_))));
    engine.guest_exits("a", 0);
    engine.start("b").await.unwrap();
}

#[tokio::test]
async fn pools_inside_around_and_across_others_are_refused() {
    let engine = engine();
    engine.ensure_network(&network("n", "10.0.4.0/22")).await.unwrap();
    engine.ensure_network(&network("six", "fd00::/64")).await.unwrap();
    for cidr in ["10.0.5.0/24", "10.0.0.0/16", "10.0.4.0/24", "10.0.7.0/24", "fd00::1:0/112"] {
        let answer = engine.ensure_network(&network("other", cidr)).await;
        assert!(matches!(answer, Err(EngineError::Refused(_))), "{cidr}: {answer:?}");
    }
    engine.ensure_network(&network("below", "10.0.3.0/24")).await.unwrap();
    engine.ensure_network(&network("above", "10.0.8.0/24")).await.unwrap();
}

#[tokio::test]
async fn the_nth_call_fails_and_counts() {
    let engine = engine();
    engine.create(&spec("a")).await.unwrap();
    let lost = EngineError::Other("lost".into());
    engine.faults().order("create", When::Nth(2), Fault::ActThenFail(lost.clone()));
    engine.create(&spec("b")).await.unwrap();
    assert_eq!(engine.create(&spec("c")).await, Err(lost));
    assert_eq!((engine.counts().instances, engine.faults().calls("create")), (3, 3));

    let failure = EngineError::Busy("later".into());
    engine.faults().order("create", When::Always, Fault::Fail(failure.clone()));
    assert_eq!(engine.create(&spec("d")).await, Err(failure.clone()));
    assert_eq!(engine.create(&spec("d")).await, Err(failure));
    engine.faults().clear();
    engine.create(&spec("d")).await.unwrap();
}

#[tokio::test]
async fn a_call_that_hangs_does_its_work_when_released() {
    let engine = engine();
    engine.faults().order("create", When::Nth(1), Fault::Hang);
    let spec = spec("a");
    let mut create = std::pin::pin!(engine.create(&spec));
    let moment = tokio::time::timeout(Duration::from_millis(5), &mut create).await;
    assert!(moment.is_err() && engine.counts().instances == 0);
    engine.faults().release();
    create.await.unwrap();
}

#[tokio::test]
async fn an_engine_switched_off_answers_nothing_and_ends_its_streams() {
    let engine = engine();
    boot(&engine, &spec("a")).await.unwrap();
    let mut events = engine.events(None).await.unwrap();
    engine.set_unreachable(true);
    assert!(events.next().await.is_none());
    assert!(matches!(engine.inspect("a").await, Err(EngineError::Unreachable(_))));
    engine.set_unreachable(false);
    assert_eq!(engine.power("a"), Some(Power::Running));
}

#[tokio::test]
async fn a_reader_too_far_behind_hears_of_the_gap() {
    let engine = engine();
    boot(&engine, &spec("a")).await.unwrap();
    let mut events = engine.events(None).await.unwrap();
    for _ in 0..3000 {
        engine.pause("a").await.unwrap();
        engine.unpause("a").await.unwrap();
    }
    assert_eq!(events.next().await, Some(Ok(EngineEvent::Gap)));
}

#[tokio::test]
async fn usage_follows_the_clock() {
    let clock = Clock::manual(Time(0));
    let engine = SimEngine::with_clock("one".into(), clock.clone());
    engine.add_image(IMAGE);
    let limits = Limits { vcpus: 2, memory_bytes: 64 << 20, disk_bytes: 0 };
    boot(&engine, &InstanceSpec { limits, ..spec("a") }).await.unwrap();
    clock.advance_seconds(10);
    let usage = engine.usage("a").await.unwrap();
    assert_eq!((usage.cpu_ns, usage.memory_bytes), (200_000_000, 8 << 20));
}

#[tokio::test]
async fn a_registry_is_asked_only_for_what_it_has() {
    let engine = engine();
    engine.add_to_registry("library/web:2");
    assert!(engine.pull_image("library/web:2").await.is_ok());
    assert!(matches!(engine.pull_image("web:3").await, Err(EngineError::NotFound(_))));
}

#[tokio::test]
async fn a_hundred_thousand_instances_are_no_burden() {
    let engine = engine();
    engine.ensure_network(&network("n", "10.0.0.0/8")).await.unwrap();
    for n in 0..100_000_u32 {
        let address = format!("10.{}.{}.{}", 1 + (n >> 16), (n >> 8) & 255, n & 255);
        let spec = InstanceSpec { attachments: vec![on("n", &address)], ..spec(&format!("a{n}")) };
        boot(&engine, &spec).await.unwrap();
    }
    assert_eq!(engine.counts().instances, 100_000);
}
