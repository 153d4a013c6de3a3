//! Faults on order: what a test tells the simulated engine to do wrong, by the name of the call.
//!
//! The name of a call is the name of the trait's method (`create`, `start`, `ensure_network`).
//! Every call counts, whether it is then made to fail or not.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::engine::{EngineError, EngineResult};

/// Which of the coming calls a fault meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The n-th call from now on, once; 1 is the next.
    Nth(u64),
    /// Every call from now on.
    Always,
}

/// What then happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is done, this is the answer.
    Fail(EngineError),
    /// It is done, but the answer is lost and this comes instead.
    ActThenFail(EngineError),
    /// Nothing is done until [`Faults::release`].
    Hang,
}

#[derive(Debug)]
struct Order {
    call: &'static str,
    when: When,
    fault: Fault,
}

#[derive(Debug, Default)]
struct Book {
    orders: Vec<Order>,
    calls: HashMap<&'static str, u64>,
    unreachable: bool,
}

/// The faults ordered from one simulated engine.
#[derive(Debug)]
pub struct Faults {
    book: Mutex<Book>,
    released: watch::Sender<u64>,
}

impl Default for Faults {
    fn default() -> Self {
        Self { book: Mutex::default(), released: watch::Sender::new(0) }
    }
}

impl Faults {
    /// Orders a fault.
    pub fn order(&self, call: &'static str, when: When, fault: Fault) {
        let mut book = self.book();
        let when = match when {
            When::Nth(n) => When::Nth(n + book.calls.get(call).copied().unwrap_or_default()),
            When::Always => When::Always,
        };
        book.orders.push(Order { call, when, fault });
    }

    /// Takes every order back and lets go of every call that hangs.
    pub fn clear(&self) {
        self.book().orders.clear();
        self.release();
    }

    /// Lets go of every call that hangs now; it then does its work.
    pub fn release(&self) {
        self.released.send_modify(|generation| *generation += 1);
    }

    /// How often a call was made.
    pub fn calls(&self, call: &str) -> u64 {
        self.book().calls.get(call).copied().unwrap_or_default()
    }

    pub(super) fn set_unreachable(&self, unreachable: bool) {
        self.book().unreachable = unreachable;
    }

    /// Counts a call. The answer says what to do after the act; hanging happens in here.
    pub(super) async fn before(&self, call: &'static str) -> EngineResult<Option<EngineError>> {
        let mut released = self.released.subscribe();
        match self.next(call)? {
            None => Ok(None),
            Some(Fault::Fail(error)) => Err(error),
            Some(Fault::ActThenFail(error)) => Ok(Some(error)),
            Some(Fault::Hang) => {
                // The sender lives as long as `self`: this ends by a release or not at all.
                released.changed().await.ok();
                Ok(None)
            }
        }
    }

    fn next(&self, call: &'static str) -> EngineResult<Option<Fault>> {
        let mut book = self.book();
        let count = book.calls.entry(call).or_default();
        *count += 1;
        let now = *count;
        if book.unreachable {
            return Err(EngineError::Unreachable("the simulated engine is switched off".into()));
        }
        let met = |order: &Order| {
            order.call == call
                && match order.when {
                    When::Nth(n) => n == now,
                    When::Always => true,
                }
        };
        let Some(at) = book.orders.iter().position(met) else { return Ok(None) };
        match book.orders.get(at).map(|order| (order.when, order.fault.clone())) {
            Some((When::Nth(_), _)) => Ok(Some(book.orders.remove(at).fault)),
            Some((When::Always, fault)) => Ok(Some(fault)),
            None => Ok(None),
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
