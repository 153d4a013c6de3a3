//! Containers beside a server come along with it, over the simulated engine.

use kit::engine::{Observed, Power};
use kit::error::Result;
use kit::ids::ServerId;
use kit::workflow::testkit::power_cut_matrix;
use kit::workflow::{Operation, State, list_for_target};
use rusqlite::Connection;

use super::cloud::{Cloud, Request};
use super::{PAUSE, REBOOT_HARD, REBOOT_SOFT, REBUILD, START, STOP, V};
use crate::servers::logic::Asked;
use crate::servers::neighbours::{Move, promise};

/// The server beside which the cloud's is.
async fn holder(cloud: &Cloud) -> ServerId {
    cloud.left().await.server.unwrap().container.unwrap().beside.unwrap()
}

/// Does these to the server beside which the cloud's is; what became of the latter's guest, and
/// what it was before.
async fn moved(cloud: &Cloud, requests: &[Request]) -> (Observed, Observed) {
    let (before, holder) = (cloud.guest().await, holder(cloud).await);
    for request in requests {
        cloud.request_of(&holder, *request).await.unwrap();
        cloud.settle().await;
    }
    cloud.agrees().await;
    (cloud.guest().await, before)
}

#[tokio::test]
async fn a_neighbour_starts_again_whenever_its_server_does() {
    let ways: &[&[Request]] = &[&[REBOOT_SOFT], &[REBOOT_HARD], &[STOP, START]];
    for requests in ways {
        let cloud = Cloud::with_neighbour().await;
        let (after, before) = moved(&cloud, requests).await;
        assert_eq!(after.engine_id, before.engine_id, "it keeps what it has written");
        assert_eq!(after.power, Power::Running);
        assert_ne!(after.pid, before.pid);
        assert_eq!(cloud.left().await.states(), (V::Active, None));
    }
}

#[tokio::test]
async fn a_neighbour_is_made_again_when_its_server_is() {
    let cloud = Cloud::with_neighbour().await;
    let (after, before) = moved(&cloud, &[REBUILD]).await;
    assert_ne!(after.engine_id, before.engine_id);
    assert_eq!(after.power, Power::Running);
    assert_eq!(cloud.left().await.states(), (V::Active, None));
}

#[tokio::test]
async fn a_neighbour_that_was_stopped_or_paused_stays_so() {
    for (request, state, power) in
        [(STOP, V::Stopped, Power::Stopped), (PAUSE, V::Paused, Power::Paused)]
    {
        let cloud = Cloud::with_neighbour().await;
        cloud.request(request).await.unwrap();
        cloud.settle().await;
        assert_eq!(moved(&cloud, &[REBOOT_HARD]).await.0.power, power);
        assert_eq!(cloud.left().await.states(), (state, None));
    }
}

#[tokio::test]
async fn a_stopped_neighbour_starts_beside_a_rebuilt_server() {
    let cloud = Cloud::with_neighbour().await;
    cloud.request(STOP).await.unwrap();
    cloud.settle().await;
    let holder = holder(&cloud).await;
    for request in [STOP, REBUILD, START] {
        cloud.request_of(&holder, request).await.unwrap();
        cloud.settle().await;
        assert_eq!(cloud.left().await.states(), (V::Stopped, None));
    }
    cloud.request(START).await.unwrap();
    cloud.settle().await;
    assert_eq!(cloud.guest().await.power, Power::Running);
}

/// It cannot run in the network of a server that does not.
#[tokio::test]
async fn a_neighbour_stops_with_a_server_that_is_rebuilt_while_it_is_stopped() {
    let cloud = Cloud::with_neighbour().await;
    let holder = holder(&cloud).await;
    for request in [STOP, REBUILD] {
        cloud.request_of(&holder, request).await.unwrap();
        cloud.settle().await;
    }
    cloud.reconcile().await;
    assert_eq!(cloud.left().await.states(), (V::Stopped, None));
}

#[tokio::test]
async fn a_neighbour_that_goes_does_not_come_along() {
    let cloud = Cloud::with_neighbour().await;
    let holder = holder(&cloud).await;
    cloud.request_of(&holder, REBOOT_HARD).await.unwrap();
    cloud.delete().await.unwrap();
    cloud.settle().await;
    assert!(cloud.left().await.server.is_none());
}

#[tokio::test]
async fn a_neighbour_comes_along_or_is_an_error() {
    for request in [FOLLOW_RESTARTED, FOLLOW_REPLACED] {
        power_cut_matrix(
            Cloud::with_neighbour,
            async |cloud: &Cloud| {
                cloud.request(request).await?;
                cloud.latest().await
            },
            async |cloud: &Cloud, operation: &Operation| {
                let done = operation.state == State::Done;
                let state = if done { V::Active } else { V::Error };
                assert_eq!(cloud.left().await.states(), (state, None));
                cloud.agrees().await;
            },
        )
        .await;
    }
}

const FOLLOW_RESTARTED: Request = |asked, db| follow(asked, db, false);
const FOLLOW_REPLACED: Request = |asked, db| follow(asked, db, true);

fn follow(asked: &Asked, connection: &Connection, is_replaced: bool) -> Result<()> {
    let mut server = asked.open(connection)?;
    let made = list_for_target(connection, &server.target())?;
    let cause = Move { is_replaced, runs: true };
    promise(connection, asked.now, &made[0], &mut server, cause)
}
