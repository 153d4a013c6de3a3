//! A large stack, and a program that is killed again and again.

use serde_json::{Map, Value, json};

use super::Stack;
use crate::support::TestCloud;

const RESOURCES: usize = 500;
/// So many are begun at a time; each needs the one that stands so far before it.
const WIDTH: usize = 20;
const KILLS: usize = 10;
/// One in so many is a server.
const SERVERS: usize = 50;

fn resource(index: usize) -> (String, Value) {
    let before: Vec<String> =
        (index >= WIDTH).then(|| format!("r{}", index - WIDTH)).into_iter().collect();
    let mut resource = match index % SERVERS {
        0 => json!({"type": "OS::Nova::Server", "properties": {
            "image": "novadock/tiny", "flavor": "m1.tiny", "networks": [{"network": "shared"}]}}),
        odd if odd % 2 == 1 => json!({"type": "OS::Heat::RandomString"}),
        _ => json!({"type": "OS::Heat::TestResource"}),
    };
    resource["depends_on"] = json!(before);
    (format!("r{index}"), resource)
}

/// What a statement counts.
async fn count(cloud: &TestCloud, sql: &'static str) -> i64 {
    let read =
        cloud.platform.store.read(move |rows| Ok(rows.query_row(sql, [], |row| row.get(0))?));
    read.await.unwrap()
}

async fn wait_for(cloud: &TestCloud, sql: &'static str, wanted: i64) {
    let nudge = cloud.platform.store.watch(&["stack_resource"]);
    while count(cloud, sql).await < wanted {
        nudge.wait().await;
    }
}

const MADE: &str = "SELECT count(*) FROM stack_resource WHERE progress = 'done'";

#[tokio::test]
async fn five_hundred_resources_survive_ten_kills_and_are_made_once() {
    let mut cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let resources: Map<String, Value> = (0..RESOURCES).map(resource).collect();
    let path = Stack::of(&demo, "large", Value::Object(resources)).await.path;
    for kill in 1..=KILLS {
        let share = RESOURCES * kill / (KILLS + 1);
        wait_for(&cloud, MADE, i64::try_from(share).unwrap()).await;
        cloud = cloud.kill_and_restart().await;
    }
    let demo = cloud.demo().await;
    let stack = Stack { session: &demo, path };
    stack.reaches("CREATE_COMPLETE").await;
    let rows = "SELECT count(DISTINCT name) FROM stack_resource
                WHERE action = 'CREATE' AND status = 'COMPLETE'";
    assert_eq!(count(&cloud, rows).await, 500);
    assert_eq!(count(&cloud, "SELECT count(*) FROM stack_resource").await, 500);
    let visits = "SELECT count(*) FROM operation WHERE kind LIKE 'stack.resource%'";
    assert_eq!(count(&cloud, visits).await, 500, "each was visited once");
    let servers = "SELECT count(*) FROM server WHERE deleted_at IS NULL";
    assert_eq!(count(&cloud, servers).await, 10);
    assert_eq!(cloud.engine.counts().instances, 10);
    stack.end().await;
    assert_eq!(cloud.engine.counts().instances, 0);
}
