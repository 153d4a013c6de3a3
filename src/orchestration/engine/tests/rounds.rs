//! The power goes while the members of a group change batch by batch.

use serde_json::{Value, json};

use super::*;

const MEMBERS: usize = 2;

fn group(text: &str) -> Value {
    json!({"group": {
        "type": "OS::Heat::ResourceGroup",
        "update_policy": {"rolling_update": {"max_batch_size": 1, "pause_time": 1}},
        "properties": {"count": MEMBERS, "resource_def": {
            "type": "OS::Heat::Value", "properties": {"value": text}}},
    }})
}

/// Another definition of the members.
fn change(hand: Hand<'_>, stack: Stack) -> Result<()> {
    let change = request::change(&json!({"template": template(&group("new"))}), &stack, false)?;
    let caller = hand.caller(&stack)?;
    logic::update(hand, &caller, &RequestId::random(), stack, change)
}

/// What the members of the group were made of.
async fn values(cloud: &Cloud) -> Vec<Value> {
    let id = cloud.stack.clone();
    let read = move |connection: &Connection| {
        let mut values = Vec::new();
        for nested in store::nested_in(connection, &id)? {
            let rows = resource_store::of_stack(connection, &nested.id)?;
            values.extend(rows.into_iter().map(|row| row.properties["value"].clone()));
        }
        Ok(values)
    };
    cloud.platform.store.read(read).await.unwrap()
}

#[tokio::test]
async fn a_rolling_update_endures_whatever_is_cut_fails_or_repeats() {
    testkit::power_cut_matrix(
        async || {
            let cloud = Cloud::asked_for(group("old")).await;
            cloud.settle().await;
            cloud
        },
        async |cloud| cloud.ask(change).await,
        async |cloud, visit: &Operation| {
            if cloud.left().await.state == "UPDATE_FAILED" {
                assert_ne!(visit.state, State::Done, "nothing had failed");
                cloud.ask(change).await.unwrap();
                cloud.settle().await;
            }
            assert_eq!(cloud.left().await.resources, ["group UPDATE_COMPLETE"]);
            assert_eq!(cloud.nested().await, ["UPDATE_COMPLETE"]);
            assert_eq!(values(cloud).await, vec![json!("new"); MEMBERS]);
        },
    )
    .await;
}
