//! Where a test may interfere with a runner: before a journal write, around an act.
//!
//! [`testkit`](super::testkit) fills these in; in production they are empty.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

use super::journal::Operation;
use super::{Context, Failure, Step};

/// Whether a journal write takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It does.
    Go,
    /// The power goes first: the runner does nothing more.
    Kill,
}

/// What happens to an act.
#[derive(Clone, Debug)]
pub enum Interference {
    /// Nothing.
    None,
    /// It fails before it did anything.
    Before(Failure),
    /// It did all of its work, and then fails: the answer was lost.
    After(Failure),
    /// It runs twice; the second run is what counts.
    Twice,
    /// It panics.
    Panic,
}

/// The act that is about to run.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// Whose step it is.
    pub operation: &'a Operation,
    /// The step.
    pub step: &'static str,
    /// Whether it is the undo of the step.
    pub undo: bool,
}

type BeforeWrite = Arc<dyn Fn(u32) -> Cut + Send + Sync>;
type AroundAct = Arc<dyn Fn(Moment<'_>) -> Interference + Send + Sync>;

/// What a test does to a runner.
#[derive(Clone, Default)]
pub struct Hooks {
    /// Asked before each journal write, numbered from 1.
    pub before_write: Option<BeforeWrite>,
    /// Asked before each act and undo.
    pub around_act: Option<AroundAct>,
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").finish_non_exhaustive()
    }
}

impl Hooks {
    pub(super) fn kills(&self, writes: &AtomicU32) -> bool {
        let number = writes.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        self.before_write.as_ref().is_some_and(|hook| hook(number) == Cut::Kill)
    }

    /// Runs an act or an undo, interfered with.
    pub(super) async fn run(
        &self,
        step: &'static Step,
        undo: bool,
        context: Context,
    ) -> Result<Value, Failure> {
        let act = if undo { step.undo_act } else { step.act };
        let moment = Moment { operation: &context.operation, step: step.name, undo };
        match self.around_act.as_ref().map_or(Interference::None, |hook| hook(moment)) {
            Interference::None => act(context).await,
            Interference::Before(failure) => Err(failure),
            Interference::After(failure) => {
                act(context).await?;
                Err(failure)
            }
            Interference::Twice => {
                act(context.clone()).await?;
                act(context).await
            }
            Interference::Panic => panic!("by order of a test"),
        }
    }
}
