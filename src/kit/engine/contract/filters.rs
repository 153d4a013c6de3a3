//! Cases about what may pass at guests. An engine that cannot filter passes them all.

use ipnet::IpNet;

use super::fixture::{Fixture, Flaw};
use crate::engine::filter::{Admitted, Family, Filter, Guard, InterfaceFilter, Kind, Source, Way};
use crate::engine::{EngineError, InstanceSpec};

type Outcome = Result<(), Flaw>;

/// The networks of these cases; the others are at host 10 there, the guarded guest at host 20.
const PLACES: [(&str, u8); 2] = [("m", 1), ("n", 2)];
const ICMP: u8 = 1;

/// A guest that nothing reaches before its filter is set.
fn guarded(fixture: &Fixture) -> InstanceSpec {
    let attachments = vec![fixture.on("m", 1, 20)];
    InstanceSpec { attachments, guarded: true, ..fixture.spec("guarded") }
}

/// What lets pings from host 10 of these networks in.
fn filter(fixture: &Fixture, places: &[(&str, u8)]) -> Filter {
    let interface = |&(short, n): &(&str, u8)| {
        let range = |host| IpNet::from(std::net::IpAddr::from(fixture.address(n, host)));
        let pings = Admitted {
            way: Way::In,
            family: Family::V4,
            protocol: Some(ICMP),
            kind: Kind::Any,
            remote: Some([range(10)].into()),
        };
        let guard = Guard {
            stateful: true,
            sources: vec![Source { mac: None, range: range(20) }],
            admitted: vec![pings],
        };
        InterfaceFilter { network: fixture.name(short), guard: Some(guard) }
    };
    Filter { interfaces: places.iter().map(interface).collect() }
}

/// Sets it; whether the engine can.
async fn set(fixture: &Fixture, name: &str, filter: &Filter) -> Result<bool, Flaw> {
    match fixture.engine.set_filter(name, filter).await {
        Err(EngineError::Unsupported(_)) => Ok(false),
        answer => Ok(answer.map(|()| true)?),
    }
}

pub(super) async fn a_filter_is_set_whatever_the_guest_does(fixture: &Fixture) -> Outcome {
    fixture.engine.ensure_network(&fixture.network("m", 1)).await?;
    let (spec, filter) = (guarded(fixture), filter(fixture, &PLACES));
    set(fixture, &spec.name, &filter).await?;
    fixture.engine.create(&spec).await?;
    set(fixture, &spec.name, &filter).await?;
    fixture.engine.start(&spec.name).await?;
    set(fixture, &spec.name, &filter).await?;
    set(fixture, &spec.name, &Filter::default()).await?;
    fixture.engine.stop(&spec.name, 0).await?;
    set(fixture, &spec.name, &filter).await?;
    fixture.engine.remove(&spec.name).await?;
    set(fixture, &spec.name, &filter).await.map(drop)
}
