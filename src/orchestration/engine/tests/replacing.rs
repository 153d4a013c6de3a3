//! The power goes while a server on a port makes way for another that wants the same port.

use serde_json::{Value, json};

use super::*;

/// A server of that flavor on a port, and what is made after it, which may fail.
fn on_a_port(flavor: &str, fails: bool) -> Value {
    json!({
        "port": {"type": "OS::Neutron::Port", "properties": {"network": "shared"}},
        "server": {"type": "OS::Nova::Server", "properties": {
            "image": "novadock/tiny", "flavor": flavor, "flavor_update_policy": "REPLACE",
            "networks": [{"port": {"get_resource": "port"}}]}},
        "after": {"type": "OS::Heat::TestResource", "depends_on": "server",
            "properties": {"value": flavor, "fail": fails}},
    })
}

fn change(hand: Hand<'_>, stack: Stack, resources: &Value, rolls_back: bool) -> Result<()> {
    let body = json!({"template": template(resources), "disable_rollback": !rolls_back});
    let change = request::change(&body, &stack, false)?;
    let caller = hand.caller(&stack)?;
    logic::update(hand, &caller, &RequestId::random(), stack, change)
}

fn replace(hand: Hand<'_>, stack: Stack) -> Result<()> {
    change(hand, stack, &on_a_port("m1.small", false), false)
}

/// The old server is parted from its port, the new one boots on it, and all of it is taken back.
fn replace_and_fail(hand: Hand<'_>, stack: Stack) -> Result<()> {
    change(hand, stack, &on_a_port("m1.small", true), true)
}

/// The server that the stack has and the one that the port has.
async fn servers(cloud: &Cloud) -> (Vec<String>, String) {
    let id = cloud.stack.clone();
    let read = move |connection: &Connection| {
        let mut rows = resource_store::of_stack(connection, &id)?;
        rows.retain(|row| row.physical.is_some());
        let port = rows.iter().find(|row| row.name == "port").unwrap().physical.clone();
        let device = "SELECT device_id FROM port WHERE id = ?1";
        let device = connection.query_row(device, [port], |row| row.get(0))?;
        rows.retain(|row| row.name == "server");
        Ok((rows.into_iter().filter_map(|row| row.physical).collect(), device))
    };
    cloud.platform.store.read(read).await.unwrap()
}

async fn endures(asked: Asked) {
    testkit::power_cut_matrix(
        async || {
            let cloud = Cloud::asked_for(on_a_port("m1.tiny", false)).await;
            cloud.settle().await;
            cloud
        },
        async |cloud| cloud.ask(asked).await,
        async |cloud, _: &Operation| {
            let mut left = cloud.left().await;
            if left.state.ends_with("_FAILED") {
                cloud.ask(replace).await.unwrap();
                cloud.settle().await;
                left = cloud.left().await;
            }
            assert!(left.state.ends_with("_COMPLETE"), "{left:?}");
            assert_eq!((left.servers, left.guests, left.resources.len()), (1, 1, 3), "{left:?}");
            let (own, device) = servers(cloud).await;
            assert_eq!(own, [device], "{left:?}");
        },
    )
    .await;
}

#[tokio::test]
async fn a_port_is_handed_over_once_whatever_is_cut_fails_or_repeats() {
    endures(replace).await;
}

#[tokio::test]
async fn a_port_is_given_back_whatever_is_cut_fails_or_repeats() {
    endures(replace_and_fail).await;
}

/// Before each write of the replacement somebody takes the update back.
#[tokio::test]
async fn whenever_the_update_is_taken_back_the_old_server_has_its_port() {
    testkit::pre_empt_matrix(
        async || {
            let cloud = Cloud::asked_for(on_a_port("m1.tiny", false)).await;
            cloud.settle().await;
            cloud
        },
        async |cloud| cloud.ask(replace).await,
        async |cloud| {
            let cancel: Asked = |hand, stack| match stack.status {
                Status::InProgress => {
                    logic::act(hand, &RequestId::random(), stack, "cancel_update")
                }
                Status::Complete | Status::Failed => Ok(()),
            };
            cloud.ask(cancel).await.map(drop)
        },
        async |cloud, _: &Operation| {
            let left = cloud.left().await;
            assert!(left.state.ends_with("_COMPLETE"), "{left:?}");
            assert_eq!((left.servers, left.guests), (1, 1), "{left:?}");
            let (own, device) = servers(cloud).await;
            assert_eq!(own, [device], "{left:?}");
        },
    )
    .await;
}
