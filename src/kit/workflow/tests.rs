mod long_acts;

use std::sync::Arc;

use rusqlite::Connection;
use serde_json::{Value, json};

use super::testkit::{self, World};
use super::*;
use crate::clock::{Clock, Time};
use crate::engine::sim::{Fault, SimEngine, When};
use crate::engine::{Labels, Volumes};
use crate::error::{Error, Kind, Result};
use crate::ids::{InstallationId, OperationId};
use crate::store::Migration;
use crate::testing;

/// The outside of these workflows is volumes on the engine, the inside is rows of `thing`. The
/// primary key is the proof that a record ran once.
const TABLES: Migration = Migration {
    number: 900,
    sql: "CREATE TABLE thing (target TEXT, name TEXT, PRIMARY KEY (target, name)) STRICT;
          CREATE TABLE failure (operation TEXT PRIMARY KEY, message TEXT NOT NULL) STRICT;",
};

static BUILD: Workflow = Workflow {
    kind: "test.build",
    deadline_seconds: 60,
    steps: &[
        step!("reserve", record: add_reserve, undo: (nothing, drop_reserve)),
        step!("disk", act: make_disk, record: add_disk, undo: (remove_disk, drop_disk)),
        step!("look", act: look),
        step!("settle", act: make_spare, record: add_settle, undo: (remove_spare, drop_settle)),
    ],
    on_failed: note_failure,
};

static REMOVE: Workflow = Workflow {
    kind: "test.remove",
    deadline_seconds: 60,
    steps: &[step!("all", act: remove_both, record: drop_all)],
    on_failed: note_failure,
};

/// Waits for whatever runs on `thing:1`.
static FOLLOW: Workflow = Workflow {
    kind: "test.follow",
    deadline_seconds: 60,
    steps: &[
        step!("first", record: add_first, undo: (nothing, drop_first)),
        step!("after", wait: until_built, record: add_after, undo: (nothing, drop_after)),
    ],
    on_failed: note_failure,
};

/// How long [`FOLLOW`] waits.
const WAIT_SECONDS: i64 = 3600;

fn until_built(context: &Context, connection: &Connection) -> Result<Wait> {
    Ok(match running_on(connection, "thing:1")? {
        Some(built) => Wait::For {
            target: built.target,
            until: context.operation.created_at.plus_seconds(WAIT_SECONDS),
        },
        None => Wait::Over,
    })
}

async fn make(context: &Context, disk: &str) -> Result<Value, Failure> {
    let name = format!("{}-{disk}", context.operation.target);
    let volume = context.platform.engine.ensure_volume(&name, &labels()).await?;
    Ok(json!(volume.name))
}

async fn remove(context: &Context, disk: &str) -> Result<Value, Failure> {
    let name = format!("{}-{disk}", context.operation.target);
    context.platform.engine.remove_volume(&name).await?;
    Ok(Value::Null)
}

async fn make_disk(context: Context) -> Result<Value, Failure> {
    make(&context, "disk").await
}
async fn remove_disk(context: Context) -> Result<Value, Failure> {
    remove(&context, "disk").await
}
async fn make_spare(context: Context) -> Result<Value, Failure> {
    make(&context, "spare").await
}
async fn remove_spare(context: Context) -> Result<Value, Failure> {
    remove(&context, "spare").await
}
async fn remove_both(context: Context) -> Result<Value, Failure> {
    remove(&context, "disk").await?;
    remove(&context, "spare").await
}
async fn look(context: Context) -> Result<Value, Failure> {
    let disk = format!("{}-disk", context.operation.target);
    assert_eq!(context.output("disk"), Some(&json!(disk)), "outputs outlive a power cut");
    assert_eq!(context.params::<Value>()?, json!({"size": 1}));
    Ok(Value::Null)
}

fn add(context: &Context, connection: &Connection, name: &str) -> Result<()> {
    connection.execute("INSERT INTO thing VALUES (?1, ?2)", (&context.operation.target, name))?;
    Ok(())
}
fn take(context: &Context, connection: &Connection, name: &str) -> Result<()> {
    let target = &context.operation.target;
    connection.execute("DELETE FROM thing WHERE target = ?1 AND name GLOB ?2", (target, name))?;
    Ok(())
}
fn add_reserve(context: &Context, connection: &Connection) -> Result<()> {
    add(context, connection, "reserve")
}
fn drop_reserve(context: &Context, connection: &Connection) -> Result<()> {
    take(context, connection, "reserve")
}
fn add_disk(context: &Context, connection: &Connection) -> Result<()> {
    assert!(context.output("disk").is_some(), "a record sees what its own act returned");
    add(context, connection, "disk")
}
fn drop_disk(context: &Context, connection: &Connection) -> Result<()> {
    take(context, connection, "disk")
}
fn add_settle(context: &Context, connection: &Connection) -> Result<()> {
    add(context, connection, "settle")
}
fn drop_settle(context: &Context, connection: &Connection) -> Result<()> {
    take(context, connection, "settle")
}
fn add_first(context: &Context, connection: &Connection) -> Result<()> {
    add(context, connection, "first")
}
fn drop_first(context: &Context, connection: &Connection) -> Result<()> {
    take(context, connection, "first")
}
fn add_after(context: &Context, connection: &Connection) -> Result<()> {
    assert!(running_on(connection, "thing:1")?.is_none(), "it was held back");
    add(context, connection, "after")
}
fn drop_after(context: &Context, connection: &Connection) -> Result<()> {
    take(context, connection, "after")
}
fn drop_all(context: &Context, connection: &Connection) -> Result<()> {
    take(context, connection, "*")
}
fn note_failure(context: &Context, connection: &Connection) -> Result<()> {
    let message = context.message().unwrap_or("cancelled");
    connection.execute("INSERT INTO failure VALUES (?1, ?2)", (&context.operation.id, message))?;
    Ok(())
}

fn labels() -> Labels {
    Labels::from([("novadock.installation".to_owned(), testing::INSTALLATION.to_owned())])
}

fn operation(workflow: &'static Workflow) -> NewOperation {
    NewOperation {
        workflow,
        target: "thing:1".to_owned(),
        project: "project".into(),
        user: "user".into(),
        request_id: format!("req-{}", workflow.kind),
        params: json!({"size": 1}),
        label: "create",
    }
}

struct Bench {
    _folder: tempfile::TempDir,
    engine: SimEngine,
    platform: Arc<Platform>,
}

impl World for Bench {
    fn platform(&self) -> &Arc<Platform> {
        &self.platform
    }
    fn workflows(&self) -> Vec<&'static Workflow> {
        vec![&BUILD, &REMOVE, &FOLLOW]
    }
}

impl Bench {
    /// On a clock that only the test moves.
    fn new() -> Self {
        Self::with_setting("max_concurrent_operations", "8")
    }

    fn with_setting(name: &'static str, value: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = SimEngine::new(InstallationId::from(testing::INSTALLATION));
        let platform = testing::platform(folder.path(), Arc::new(engine.clone()))
            .clock(Clock::manual(Time(1_700_000_000_000_000)))
            .setting("compute", name, value)
            .migrations(&[TABLES])
            .build()
            .unwrap();
        Self { _folder: folder, engine, platform }
    }

    async fn submit(&self, new: NewOperation) -> Result<OperationId> {
        let now = self.platform.clock.now();
        self.platform.store.write("test", move |tx| submit(tx, now, new)).await
    }

    async fn build(&self) -> Result<OperationId> {
        self.submit(operation(&BUILD)).await
    }

    async fn pre_empt(&self) -> Result<OperationId> {
        let (now, new) = (self.platform.clock.now(), operation(&REMOVE));
        self.platform.store.write("test", move |tx| submit_pre_empting(tx, now, new)).await
    }

    /// Something that waits for a build; it is driven before the build is.
    async fn follow(&self) -> Result<OperationId> {
        let follow = NewOperation { target: "thing:2".to_owned(), ..operation(&FOLLOW) };
        let followed = self.submit(follow).await?;
        self.build().await?;
        Ok(followed)
    }

    async fn settle(&self) {
        testkit::settle(&self.platform, self.workflows()).await.unwrap();
    }

    fn start(&self) -> Arc<Runner> {
        let runner = Arc::new(Runner::new(Arc::clone(&self.platform), self.workflows()));
        Arc::clone(&runner).start();
        runner
    }

    async fn get(&self, id: &OperationId) -> Operation {
        let id = id.clone();
        self.platform.store.read(move |tx| get(tx, &id)).await.unwrap().unwrap()
    }

    async fn things(&self) -> Vec<String> {
        self.texts("SELECT name FROM thing ORDER BY rowid").await
    }

    async fn failures(&self) -> Vec<String> {
        self.texts("SELECT message FROM failure ORDER BY rowid").await
    }

    async fn texts(&self, sql: &'static str) -> Vec<String> {
        self.platform
            .store
            .read(move |tx| {
                let mut query = tx.prepare(sql)?;
                let rows = query.query_map([], |row| row.get(0))?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .await
            .unwrap()
    }

    async fn disks(&self) -> Vec<String> {
        self.engine.volumes().await.unwrap().into_iter().map(|volume| volume.name).collect()
    }

    async fn assert_built(&self) {
        assert_eq!(self.things().await, ["reserve", "disk", "settle"]);
        assert_eq!(self.disks().await, ["thing:1-disk", "thing:1-spare"]);
    }

    async fn assert_disks_made(&self) {
        assert_eq!(self.disks().await, ["thing:1-disk", "thing:1-spare"]);
    }

    async fn assert_empty(&self) {
        assert_eq!(self.things().await, [""; 0]);
        assert_eq!(self.disks().await, [""; 0]);
    }
}

#[tokio::test]
async fn whatever_is_cut_fails_or_repeats_the_thing_is_there_once_or_not_at_all() {
    testkit::power_cut_matrix(
        async || Bench::new(),
        async |bench| bench.build().await,
        async |bench, operation| {
            if operation.state == State::Done {
                bench.assert_built().await;
                assert_eq!(bench.failures().await, [""; 0]);
            } else {
                bench.assert_empty().await;
                assert_eq!(bench.failures().await.len(), 1);
            }
        },
    )
    .await;
}

#[tokio::test]
async fn whenever_it_is_pre_empted_nothing_is_left() {
    testkit::pre_empt_matrix(
        async || Bench::new(),
        async |bench| bench.build().await,
        async |bench| bench.pre_empt().await.map(drop),
        async |bench, operation| {
            assert_eq!(operation.state, State::Cancelled);
            assert_eq!(operation.error, None);
            bench.assert_empty().await;
            assert_eq!(bench.failures().await, ["cancelled"]);
        },
    )
    .await;
}

#[tokio::test]
async fn whatever_is_cut_a_wait_ends_when_what_it_waits_for_has_ended() {
    testkit::power_cut_matrix(
        async || Bench::new(),
        async |bench| bench.follow().await,
        async |bench, operation| {
            bench.assert_disks_made().await;
            let things = bench.things().await;
            let followed = things.iter().filter(|name| ["first", "after"].contains(&name.as_str()));
            assert_eq!(followed.count(), if operation.state == State::Done { 2 } else { 0 });
        },
    )
    .await;
}

#[tokio::test]
async fn who_waits_holds_no_permit_and_is_woken_by_the_end_he_waits_for() {
    let bench = Bench::with_setting("max_concurrent_operations", "1");
    let followed = bench.follow().await.unwrap();
    bench.start();
    let ended = testkit::wait_until_finished(&bench.platform, &followed).await.unwrap();
    assert_eq!(ended.state, State::Done);
    assert_eq!(bench.things().await, ["first", "reserve", "disk", "settle", "after"]);
}

#[tokio::test]
async fn a_wait_that_is_woken_from_outside_looks_again() {
    let bench = Bench::new();
    bench.engine.set_unreachable(true);
    bench.start();
    let followed = bench.follow().await.unwrap();
    while bench.get(&followed).await.not_before == Time(0) {
        tokio::task::yield_now().await;
    }
    bench.engine.set_unreachable(false);
    bench.pre_empt().await.unwrap();
    bench.platform.store.write("test", |tx| wake_target(tx, "thing:2")).await.unwrap();
    bench.platform.store.write("test", |tx| wake(tx, "thing:1")).await.unwrap();
    let ended = testkit::wait_until_finished(&bench.platform, &followed).await.unwrap();
    assert_eq!(ended.state, State::Done);
}

#[tokio::test]
async fn who_waits_for_what_never_ends_fails_when_the_time_is_up() {
    let bench = Bench::new();
    let now = bench.platform.clock.now();
    let id = bench.follow().await.unwrap();
    bench.platform.store.write("test", hold_the_build).await.unwrap();
    bench.settle().await;
    let late = bench.get(&id).await;
    assert_eq!(late.state, State::Failed);
    assert!(late.finished_at.unwrap() >= now.plus_seconds(WAIT_SECONDS));
    assert_eq!(bench.failures().await, ["The operation did not end in time."]);
    assert_eq!(bench.things().await, [""; 0]);
}

/// As if somebody drove it and never came to an end.
fn hold_the_build(connection: &Connection) -> Result<()> {
    connection.execute("UPDATE operation SET claimed = 1 WHERE target = 'thing:1'", [])?;
    Ok(())
}

#[tokio::test]
async fn a_running_operation_locks_its_target_and_no_finer_one() {
    let bench = Bench::new();
    bench.build().await.unwrap();
    assert_eq!(bench.build().await.unwrap_err().kind, Kind::Conflict);
    let finer = NewOperation { target: "thing:1/part:2".to_owned(), ..operation(&BUILD) };
    bench.submit(finer).await.unwrap();
    bench.settle().await;
    bench.submit(operation(&REMOVE)).await.unwrap();
}

#[tokio::test]
async fn the_runner_wakes_when_something_is_submitted() {
    let bench = Bench::new();
    bench.start();
    let id = bench.build().await.unwrap();
    let ended = testkit::wait_until_finished(&bench.platform, &id).await.unwrap();
    assert_eq!(ended.state, State::Done);
    bench.assert_built().await;
}

#[tokio::test]
async fn an_engine_that_comes_back_before_the_deadline_is_waited_for() {
    let bench = Bench::new();
    let away = EngineError::Unreachable("off".to_owned());
    for nth in 1..=5 {
        bench.engine.faults().order("ensure_volume", When::Nth(nth), Fault::Fail(away.clone()));
    }
    bench.build().await.unwrap();
    bench.settle().await;
    bench.assert_built().await;
}

#[tokio::test]
async fn an_engine_that_stays_away_past_the_deadline_fails_the_operation() {
    let bench = Bench::new();
    let away = EngineError::Unreachable("off".to_owned());
    bench.engine.faults().order("ensure_volume", When::Always, Fault::Fail(away));
    let start = bench.platform.clock.now();
    let id = bench.build().await.unwrap();
    bench.settle().await;
    let failed = bench.get(&id).await;
    assert_eq!(failed.state, State::Failed);
    assert!(failed.error.unwrap().contains("off"));
    assert!(failed.finished_at.unwrap() >= start.plus_seconds(60));
    assert_eq!(bench.failures().await, ["The container engine does not answer."]);
    bench.assert_empty().await;
}

#[tokio::test]
async fn a_cancel_cuts_a_back_off_short() {
    let bench = Bench::new();
    bench.engine.set_unreachable(true);
    bench.start();
    let built = bench.build().await.unwrap();
    while bench.get(&built).await.attempt == 0 {
        tokio::task::yield_now().await;
    }
    bench.engine.set_unreachable(false);
    // The clock stands still: the back-off alone would never end.
    let removed = bench.pre_empt().await.unwrap();
    let ended = testkit::wait_until_finished(&bench.platform, &removed).await.unwrap();
    assert_eq!(ended.state, State::Done);
    assert_eq!(bench.get(&built).await.state, State::Cancelled);
    bench.assert_empty().await;
}

#[tokio::test]
async fn a_second_removal_joins_the_first() {
    let bench = Bench::new();
    bench.build().await.unwrap();
    let queued = bench.pre_empt().await.unwrap();
    assert_eq!(bench.get(&queued).await.state, State::Queued);
    assert_eq!(bench.pre_empt().await.unwrap(), queued);
    bench.settle().await;
    let alone = bench.pre_empt().await.unwrap();
    assert_eq!(bench.pre_empt().await.unwrap(), alone);
    bench.settle().await;
    assert_eq!(bench.get(&alone).await.state, State::Done);
}

#[tokio::test]
async fn an_undo_that_keeps_failing_is_stuck_and_seen_and_does_not_block() {
    let bench = Bench::new();
    let refused = EngineError::Refused("no".to_owned());
    let lost = Fault::ActThenFail(refused.clone());
    bench.engine.faults().order("ensure_volume", When::Nth(2), lost);
    bench.engine.faults().order("remove_volume", When::Always, Fault::Fail(refused));
    let id = bench.build().await.unwrap();
    bench.settle().await;
    let stuck_now = bench.get(&id).await;
    assert_eq!(stuck_now.state, State::Stuck);
    assert!(stuck_now.error.unwrap().contains("undo of step settle"));
    assert_eq!(bench.failures().await.len(), 1);
    assert_eq!(bench.platform.metrics.operations_stuck.get(), 1);
    let seen = bench.platform.store.read(stuck).await.unwrap();
    assert_eq!(seen.len(), 1);

    bench.engine.faults().clear();
    bench.submit(operation(&REMOVE)).await.unwrap();
    bench.platform.store.write("test", move |tx| dismiss(tx, &id)).await.unwrap();
    bench.settle().await;
    bench.assert_empty().await;
    assert_eq!(bench.platform.metrics.operations_stuck.get(), 0);
}

#[tokio::test]
async fn an_operation_of_another_version_is_stuck_not_lost() {
    static GONE: Workflow =
        Workflow { kind: "test.gone", deadline_seconds: 1, steps: &[], on_failed: record_nothing };
    let bench = Bench::new();
    let id = bench.submit(operation(&GONE)).await.unwrap();
    bench.settle().await;
    assert_eq!(bench.get(&id).await.state, State::Stuck);
}

#[tokio::test]
async fn a_record_that_fails_or_panics_takes_back_its_rows_and_unwinds() {
    fn half(context: &Context, connection: &Connection) -> Result<()> {
        add(context, connection, "half")?;
        Err(Error::conflict("The address is taken."))
    }
    fn bursts(context: &Context, connection: &Connection) -> Result<()> {
        add(context, connection, "half")?;
        panic!("by design")
    }
    static HALF: Workflow = Workflow {
        kind: "test.half",
        deadline_seconds: 60,
        steps: &[step!("half", record: half)],
        on_failed: note_failure,
    };
    static BURSTS: Workflow = Workflow {
        kind: "test.bursts",
        deadline_seconds: 60,
        steps: &[step!("bursts", record: bursts)],
        on_failed: note_failure,
    };
    let bench = Bench::new();
    for workflow in [&HALF, &BURSTS] {
        let id = bench.submit(operation(workflow)).await.unwrap();
        testkit::settle(&bench.platform, [workflow]).await.unwrap();
        assert_eq!(bench.get(&id).await.state, State::Failed);
    }
    bench.assert_empty().await;
    assert_eq!(bench.failures().await, ["The address is taken.", ""]);
}

#[tokio::test]
async fn the_turn_goes_to_the_project_with_the_fewest_running() {
    let bench = Bench::new();
    let now = bench.platform.clock.now();
    for (number, project) in ["big", "big", "big", "small"].into_iter().enumerate() {
        let target = format!("thing:{number}");
        let new = NewOperation { target, project: project.into(), ..operation(&BUILD) };
        bench.submit(new).await.unwrap();
    }
    let order = bench
        .platform
        .store
        .write("test", move |tx| {
            let mut order = Vec::new();
            while let Some((id, _)) = moves::waiting(tx, now)?.next {
                order.extend(get(tx, &id)?.map(|operation| operation.target));
                moves::claim(tx, &id, now, now)?;
            }
            Ok(order)
        })
        .await
        .unwrap();
    assert_eq!(order, ["thing:0", "thing:3", "thing:1", "thing:2"]);
}

#[tokio::test]
async fn draining_lets_an_act_finish_and_the_next_start_goes_on() {
    let bench = Bench::new();
    bench.engine.faults().order("ensure_volume", When::Nth(1), Fault::Hang);
    let runner = bench.start();
    let id = bench.build().await.unwrap();
    while bench.engine.faults().calls("ensure_volume") == 0 {
        tokio::task::yield_now().await;
    }
    let release = async {
        tokio::task::yield_now().await;
        bench.engine.faults().release();
    };
    tokio::join!(runner.drain(), release);
    assert_eq!(bench.things().await, ["reserve", "disk"]);
    assert_eq!(bench.get(&id).await.state, State::Running);

    let next = Runner::new(Arc::clone(&bench.platform), bench.workflows());
    next.recover().await.unwrap();
    bench.settle().await;
    bench.assert_built().await;
    assert_eq!(bench.engine.faults().calls("ensure_volume"), 2, "no act ran twice");
}

#[tokio::test]
async fn the_journal_lists_actions_and_their_events() {
    let bench = Bench::new();
    let id = bench.build().await.unwrap();
    bench.settle().await;
    bench.platform.clock.advance_seconds(10);
    let finer = NewOperation { target: "thing:1/part:2".to_owned(), ..operation(&REMOVE) };
    let now = bench.platform.clock.now();
    let listed = bench
        .platform
        .store
        .write("test", move |tx| {
            note(tx, now, finer)?;
            let other = list_for_target(tx, "thing:10")?;
            assert!(other.is_empty());
            assert_eq!(
                get_by_request(tx, "thing:1", "req-test.build")?.map(|row| row.id),
                Some(id.clone())
            );
            assert_eq!(get_by_request(tx, "thing:1", "req-none")?, None);
            let steps = steps_of(tx, &id)?;
            assert!(steps.iter().all(|step| step.finished_at.is_some() && step.error.is_none()));
            assert_eq!(
                steps.iter().map(|step| step.name.as_str()).collect::<Vec<_>>(),
                ["reserve", "disk", "look", "settle"]
            );
            list_for_target(tx, "thing:1")
        })
        .await
        .unwrap();
    let kinds: Vec<_> = listed.iter().map(|row| (row.kind.as_str(), row.state)).collect();
    assert_eq!(kinds, [("test.remove", State::Done), ("test.build", State::Done)]);

    let prune_all = move |tx: &Connection| Ok((prune(tx, "thing:10")?, prune(tx, "thing:1")?));
    let pruned = bench.platform.store.write("test", prune_all).await.unwrap();
    assert_eq!(pruned, (true, true));
    assert_eq!(bench.texts("SELECT id FROM operation").await, [""; 0]);
    assert_eq!(bench.texts("SELECT name FROM operation_step").await, [""; 0]);
}

#[tokio::test]
async fn the_history_of_what_is_stuck_is_not_forgotten() {
    let bench = Bench::new();
    let refused = EngineError::Refused("no".to_owned());
    bench.engine.faults().order("ensure_volume", When::Nth(1), Fault::Fail(refused.clone()));
    bench.engine.faults().order("remove_volume", When::Always, Fault::Fail(refused));
    bench.build().await.unwrap();
    let forget = |tx: &Connection| prune(tx, "thing:1");
    assert!(!bench.platform.store.write("test", forget).await.unwrap(), "it runs");
    bench.settle().await;
    assert!(!bench.platform.store.write("test", forget).await.unwrap(), "it is stuck");
    assert_eq!(bench.texts("SELECT id FROM operation").await.len(), 1);
}
