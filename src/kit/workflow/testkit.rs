//! Proves that a workflow keeps the guarantees of this module, whatever is cut, fails or repeats.
//!
//! Every service's tests call it for every workflow: [`power_cut_matrix`] runs one operation
//! once for each way to fail (nothing; every act twice; each step before it does anything; each
//! step after it did all of its work) and for each journal write before which the power can go.
//! [`pre_empt_matrix`] lets another operation pre-empt it before each journal write. After each
//! story, however it ended, the caller's check looks at rows and engine.
//!
//! It drives on the caller's task and in order, so a story is the same every time. A manual
//! clock is moved across back-offs; a system clock is waited for. Nothing here is used outside
//! tests, and nothing is mocked: store, journal and engine are the caller's.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;

use super::hooks::{Cut, Hooks, Interference, Moment};
use super::journal::{Operation, State, StepState, get, running_on, steps_of};
use super::runner::{Pick, Runner, Stopped, panic_text};
use super::{Failure, Workflow};
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::ids::OperationId;
use crate::platform::Platform;

/// More turns than any story needs; reaching them means that it would never end.
const TURNS: u32 = 5_000;
/// How long a test waits for a started runner.
const PATIENCE: Duration = Duration::from_secs(30);
/// Writes in the life of a runner that dies over and over: its claim and one step.
const SHORT_LIFE: u32 = 2;

/// What a service's test builds anew for each story.
pub trait World {
    /// Its platform; the store and the engine survive a power cut.
    fn platform(&self) -> &Arc<Platform>;
    /// The workflows that the runner knows: the one under test and those it sets off.
    fn workflows(&self) -> Vec<&'static Workflow>;
}

/// What goes wrong in a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    None,
    /// Every act and undo runs twice.
    Repeat,
    /// This step fails before it does anything.
    FailsBefore(&'static str),
    /// This step does all of its work and then fails; undos run twice.
    FailsAfter(&'static str),
    /// This step panics.
    Panics(&'static str),
    /// This step fails once in a way that passes.
    FailsOnce(&'static str),
}

/// When the power goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerCut {
    /// Never.
    Never,
    /// Once, before the n-th journal write.
    Before(u32),
    /// Again and again, so that each life of the runner completes one step.
    EachStep,
}

/// One run of an operation, named in every complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Story {
    /// What goes wrong.
    pub trouble: Trouble,
    /// When the power goes.
    pub cut: PowerCut,
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "trouble {:?}, power cut {:?}", self.trouble, self.cut)
    }
}

impl Trouble {
    /// Whether an operation that meets it unwinds.
    fn is_fatal(self) -> bool {
        match self {
            Self::None | Self::Repeat | Self::FailsOnce(_) => false,
            Self::FailsBefore(_) | Self::FailsAfter(_) | Self::Panics(_) => true,
        }
    }

    fn at(self, moment: Moment<'_>) -> Interference {
        let fail = || Failure::Fail(Error::bad_request("A test made this step fail."));
        match self {
            Self::Repeat => Interference::Twice,
            Self::FailsAfter(_) if moment.undo => Interference::Twice,
            Self::FailsBefore(step) if moment.is_act_of(step) => Interference::Before(fail()),
            Self::FailsAfter(step) if moment.is_act_of(step) => Interference::After(fail()),
            Self::Panics(step) if moment.is_act_of(step) => Interference::Panic,
            Self::FailsOnce(step) if moment.is_act_of(step) && moment.operation.attempt == 0 => {
                Interference::After(Failure::Retry(Error::unavailable("A test made it wait.")))
            }
            Self::None
            | Self::FailsBefore(_)
            | Self::FailsAfter(_)
            | Self::Panics(_)
            | Self::FailsOnce(_) => Interference::None,
        }
    }
}

impl Moment<'_> {
    fn is_act_of(self, step: &str) -> bool {
        !self.undo && self.step == step
    }
}

/// Runs the operation that `submit` submits in a fresh world for every trouble and every power
/// cut; `check` looks at the world after each, and at how the operation ended.
pub async fn power_cut_matrix<W: World>(
    make_world: impl AsyncFn() -> W,
    submit: impl AsyncFn(&W) -> Result<OperationId>,
    check: impl AsyncFn(&W, &Operation),
) {
    let steps = steps_under_test(&make_world, &submit).await;
    let cut_as_well = [Trouble::None, Trouble::Repeat].into_iter().chain(
        steps.iter().flat_map(|step| [Trouble::FailsBefore(step), Trouble::FailsAfter(step)]),
    );
    for trouble in cut_as_well {
        let whole = Story { trouble, cut: PowerCut::Never };
        let writes = tell(whole, &make_world, &submit, async |_| Ok(()), &check).await;
        for cut in (1..=writes).map(PowerCut::Before).chain([PowerCut::EachStep]) {
            tell(Story { trouble, cut }, &make_world, &submit, async |_| Ok(()), &check).await;
        }
    }
    for trouble in steps.iter().flat_map(|step| [Trouble::Panics(step), Trouble::FailsOnce(step)]) {
        let story = Story { trouble, cut: PowerCut::Never };
        tell(story, &make_world, &submit, async |_| Ok(()), &check).await;
    }
}

/// Runs the operation that `submit` submits and lets `pre_empt` submit another one before each
/// of its journal writes; `check` is given the operation that was pre-empted.
pub async fn pre_empt_matrix<W: World>(
    make_world: impl AsyncFn() -> W,
    submit: impl AsyncFn(&W) -> Result<OperationId>,
    pre_empt: impl AsyncFn(&W) -> Result<()>,
    check: impl AsyncFn(&W, &Operation),
) {
    let whole = Story { trouble: Trouble::None, cut: PowerCut::Never };
    let writes = tell(whole, &make_world, &submit, async |_| Ok(()), async |_, _| {}).await;
    for write in 1..=writes {
        let story = Story { trouble: Trouble::None, cut: PowerCut::Before(write) };
        tell(story, &make_world, &submit, &pre_empt, &check).await;
    }
}

/// Drives everything that is submitted until nothing is left to do; for tests of one service
/// that need a workflow's effect and no trouble.
pub async fn settle(
    platform: &Arc<Platform>,
    workflows: impl IntoIterator<Item = &'static Workflow>,
) -> Result<()> {
    let runner = Runner::new(Arc::clone(platform), workflows);
    match run(&runner, platform).await {
        Ok(()) | Err(Stopped::Killed) => Ok(()),
        Err(Stopped::Store(error)) => Err(error),
    }
}

/// Waits, at most half a minute, until a runner that was started has ended the operation.
pub async fn wait_until_finished(platform: &Platform, id: &OperationId) -> Result<Operation> {
    let nudge = platform.store.watch(&["operation"]);
    let wait = async {
        loop {
            let found = operation(platform, id.clone()).await?;
            if found.state.is_finished() {
                return Ok(found);
            }
            nudge.wait().await;
        }
    };
    let late = |_| Err(Error::internal(format!("operation {id} does not end")));
    tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(late)
}

async fn steps_under_test<W: World>(
    make_world: impl AsyncFn() -> W,
    submit: impl AsyncFn(&W) -> Result<OperationId>,
) -> Vec<&'static str> {
    let world = make_world().await;
    let id = proven("submit", submit(&world).await);
    let kind = proven("submit", operation(world.platform(), id).await).kind;
    let workflow = world.workflows().into_iter().find(|workflow| workflow.kind == kind);
    assert!(workflow.is_some(), "the world does not know the workflow {kind}");
    workflow.iter().flat_map(|workflow| workflow.steps).map(|step| step.name).collect()
}

/// Tells one story; how many journal writes its first runner made.
async fn tell<W: World>(
    story: Story,
    make_world: impl AsyncFn() -> W,
    submit: impl AsyncFn(&W) -> Result<OperationId>,
    in_the_dark: impl AsyncFn(&W) -> Result<()>,
    check: impl AsyncFn(&W, &Operation),
) -> u32 {
    let world = make_world().await;
    let id = proven(story, submit(&world).await);
    let diary = Arc::new(Diary::of(&id));
    let mut first_life = None;
    for life in 1..TURNS {
        let runner = Runner::new(Arc::clone(world.platform()), world.workflows())
            .with_hooks(hooks(story, life, &diary));
        proven(story, runner.recover().await);
        let end = run(&runner, world.platform()).await;
        first_life.get_or_insert(runner.writes());
        match end {
            Ok(()) => break,
            Err(Stopped::Killed) => proven(story, in_the_dark(&world).await),
            Err(Stopped::Store(error)) => proven(story, Err(error)),
        }
    }
    let ended = proven(story, operation(world.platform(), id).await);
    proven(story, kept_its_word(story, world.platform(), &ended, &diary).await);
    if let Err(panic) = AssertUnwindSafe(check(&world, &ended)).catch_unwind().await {
        panic!("{story}, ended {}: {}", ended.state, panic_text(panic.as_ref()));
    }
    first_life.unwrap_or_default()
}

fn hooks(story: Story, life: u32, diary: &Arc<Diary>) -> Hooks {
    let diary = Arc::clone(diary);
    Hooks {
        before_write: Some(Arc::new(move |write| match story.cut {
            PowerCut::Before(cut) if life == 1 && write >= cut => Cut::Kill,
            PowerCut::EachStep if write > SHORT_LIFE => Cut::Kill,
            PowerCut::Never | PowerCut::Before(_) | PowerCut::EachStep => Cut::Go,
        })),
        around_act: Some(Arc::new(move |moment| {
            diary.enter(moment);
            story.trouble.at(moment)
        })),
    }
}

async fn run(runner: &Runner, platform: &Platform) -> std::result::Result<(), Stopped> {
    let Some(mut permit) = runner.permit().await else { return Ok(()) };
    for _ in 0..TURNS {
        match runner.pick().await? {
            Pick::Claimed(transition, entry) => {
                runner.drive(&transition, entry, &mut permit).await?;
            }
            Pick::Nothing(None) => return Ok(()),
            Pick::Nothing(Some(until)) => pass_time(platform, until).await,
        }
    }
    Err(Stopped::Store(Error::internal("the operations never end")))
}

async fn pass_time(platform: &Platform, until: Time) {
    let before = platform.clock.now();
    let left_us = until.0.saturating_sub(before.0).max(0).unsigned_abs();
    platform.clock.advance_seconds(i64::try_from(left_us.div_ceil(1_000_000)).unwrap_or(1));
    if platform.clock.now() < until {
        tokio::time::sleep(Duration::from_micros(left_us)).await;
    }
}

async fn operation(platform: &Platform, id: OperationId) -> Result<Operation> {
    let found = platform.store.read(move |connection| get(connection, &id)).await?;
    found.ok_or_else(|| Error::internal("the operation left the journal"))
}

/// The acts of one operation in the order of their beginning: the step, and whether it was undone.
struct Diary {
    of: OperationId,
    entries: Mutex<Vec<(&'static str, bool)>>,
}

impl Diary {
    fn of(operation: &OperationId) -> Self {
        Self { of: operation.clone(), entries: Mutex::default() }
    }

    fn enter(&self, moment: Moment<'_>) {
        if moment.operation.id == self.of {
            let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            entries.push((moment.step, moment.undo));
        }
    }

    fn names(&self, undo: bool, known: &[String]) -> Vec<usize> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries
            .iter()
            .filter(|(_, of_undo)| *of_undo == undo)
            .filter_map(|(step, _)| known.iter().position(|name| name == step))
            .collect()
    }
}

/// The guarantees that hold for every workflow.
async fn kept_its_word(
    story: Story,
    platform: &Platform,
    ended: &Operation,
    diary: &Diary,
) -> Result<()> {
    let id = ended.id.clone();
    let target = ended.target.clone();
    let (steps, holder) = platform
        .store
        .read(move |connection| Ok((steps_of(connection, &id)?, running_on(connection, &target)?)))
        .await?;
    assert!(holder.is_none(), "{story}: the target is still locked");
    let expected = match ended.state {
        State::Done => StepState::Done,
        State::Failed | State::Cancelled => StepState::Undone,
        State::Queued | State::Running | State::Unwinding | State::Stuck => {
            panic!("{story}: ended {}: {:?}", ended.state, ended.error)
        }
    };
    assert!(
        ended.state == State::Cancelled
            || story.trouble.is_fatal() == (ended.state == State::Failed),
        "{story}: ended {}: {:?}",
        ended.state,
        ended.error
    );
    assert!(steps.iter().all(|step| step.state == expected), "{story}: {steps:?}");
    let names: Vec<String> = steps.into_iter().map(|step| step.name).collect();
    let acts = diary.names(false, &names);
    assert!(acts.is_sorted(), "{story}: a step ran again after the next one began: {acts:?}");
    let undos = diary.names(true, &names);
    assert!(undos.is_sorted_by(|a, b| a >= b), "{story}: not undone in reverse: {undos:?}");
    Ok(())
}

fn proven<T>(what: impl fmt::Display, result: Result<T>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{what}: {error}"),
    }
}
