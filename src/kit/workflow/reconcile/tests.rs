use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::*;
use crate::engine::sim::SimEngine;
use crate::engine::{LABEL_INSTALLATION, Labels, Volumes};
use crate::ids::InstallationId;
use crate::testing;

#[derive(Clone, Debug, PartialEq)]
enum Look {
    All,
    Some(Vec<String>),
}

/// Tells the test what it was asked to look at; fails or panics as often as told.
struct Scout {
    looks: UnboundedSender<Look>,
    troubles: Mutex<Vec<&'static str>>,
}

impl Scout {
    fn told(&self, look: Look) -> Result<()> {
        self.looks.send(look).unwrap();
        let trouble = self.troubles.lock().unwrap().pop();
        match trouble {
            None => Ok(()),
            Some("panic") => panic!("by design"),
            Some(trouble) => Err(Error::internal(trouble)),
        }
    }
}

#[async_trait]
impl Reconciler for Scout {
    fn name(&self) -> &'static str {
        "scout"
    }
    async fn all(&self, _: &Arc<Platform>) -> Result<()> {
        self.told(Look::All)
    }
    async fn some(&self, _: &Arc<Platform>, keys: &BTreeSet<String>) -> Result<()> {
        self.told(Look::Some(keys.iter().cloned().collect()))
    }
    fn interested(&self, event: &EngineEvent) -> Option<String> {
        match event {
            EngineEvent::Volume(name) => Some(name.clone()),
            EngineEvent::Instance(_)
            | EngineEvent::Image(_)
            | EngineEvent::Network(_)
            | EngineEvent::Gap => None,
        }
    }
    fn tables(&self) -> &'static [&'static str] {
        &["operation"]
    }
}

fn scout(looks: UnboundedSender<Look>, troubles: &[&'static str]) -> Arc<dyn Reconciler> {
    Arc::new(Scout { looks, troubles: Mutex::new(troubles.to_vec()) })
}

struct Bench {
    _folder: tempfile::TempDir,
    engine: SimEngine,
    platform: Arc<Platform>,
    looks: UnboundedReceiver<Look>,
}

impl Bench {
    fn new(interval_seconds: &str, troubles: &[&'static str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = SimEngine::new(InstallationId::from(testing::INSTALLATION));
        let platform = testing::platform(folder.path(), Arc::new(engine.clone()))
            .setting("compute", "sync_power_state_interval", interval_seconds)
            .build()
            .unwrap();
        let (sender, looks) = unbounded_channel();
        Reconcilers::new(Arc::clone(&platform), [scout(sender, troubles)]).start();
        Self { _folder: folder, engine, platform, looks }
    }

    async fn look(&mut self) -> Look {
        tokio::time::timeout(Duration::from_secs(20), self.looks.recv()).await.unwrap().unwrap()
    }

    async fn look_for_some(&mut self) -> Vec<String> {
        loop {
            if let Look::Some(keys) = self.look().await {
                return keys;
            }
        }
    }

    async fn make(&self, name: &str) {
        let ours = (LABEL_INSTALLATION.to_owned(), testing::INSTALLATION.to_owned());
        self.engine.ensure_volume(name, &Labels::from([ours])).await.unwrap();
    }
}

#[tokio::test]
async fn everything_is_looked_at_first_and_then_what_events_name() {
    let mut bench = Bench::new("0", &[]);
    assert_eq!(bench.look().await, Look::All);
    bench.make("one").await;
    bench.make("two").await;
    bench.make("one").await;
    let mut named: BTreeSet<String> = bench.look_for_some().await.into_iter().collect();
    while named.len() < 2 {
        named.extend(bench.look_for_some().await);
    }
    assert_eq!(named, ["one", "two"].map(str::to_owned).into());
}

#[tokio::test]
async fn after_a_gap_everything_is_looked_at_and_events_are_heard_again() {
    let mut bench = Bench::new("0", &[]);
    assert_eq!(bench.look().await, Look::All);
    bench.engine.set_unreachable(true);
    bench.engine.set_unreachable(false);
    assert_eq!(bench.look().await, Look::All);
    bench.make("later").await;
    assert_eq!(bench.look_for_some().await, ["later"]);
}

#[tokio::test]
async fn a_reconciler_that_fails_or_panics_is_asked_the_same_again() {
    let mut bench = Bench::new("0", &["panic", "no answer"]);
    for _ in 0..3 {
        assert_eq!(bench.look().await, Look::All);
    }
    bench.make("one").await;
    assert_eq!(bench.look_for_some().await, ["one"]);
}

#[tokio::test]
async fn everything_is_looked_at_again_each_interval() {
    let mut bench = Bench::new("1", &[]);
    for _ in 0..2 {
        assert_eq!(bench.look().await, Look::All);
    }
    bench.platform.tasks.stop();
    bench.platform.tasks.wait().await;
}

#[tokio::test]
async fn everything_is_looked_at_after_a_commit_to_its_tables() {
    let mut bench = Bench::new("0", &[]);
    // No stream, so nothing else asks for a second look.
    bench.engine.set_unreachable(true);
    assert_eq!(bench.look().await, Look::All);
    let enter = |connection: &rusqlite::Connection| {
        connection.execute(
            "INSERT INTO operation (id, kind, label, target, project_id, user_id, request_id,
                 params, state, created_at, updated_at)
             VALUES ('', '', '', '', '', '', '', 'null', 'done', 0, 0)",
            [],
        )?;
        Ok(())
    };
    bench.platform.store.write("test", enter).await.unwrap();
    assert_eq!(bench.look().await, Look::All);
}

#[test]
fn too_many_keys_become_everything() {
    let (looks, _receiver) = unbounded_channel();
    let lane = Lane::new(scout(looks, &[]));
    for number in 0..=MOST_KEYS {
        lane.hear(&EngineEvent::Volume(number.to_string()));
    }
    let dirty = lane.take();
    assert!(dirty.all && dirty.keys.is_empty());
}
