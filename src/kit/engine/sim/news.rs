//! What the simulated engine says happened: a broadcast, and the last few hundred for those who
//! ask from a time in the past, as Docker keeps them.

use std::collections::VecDeque;

use futures_util::{StreamExt, stream};
use tokio::sync::broadcast::{self, error::RecvError};

use crate::clock::Time;
use crate::engine::{EngineEvent, EventStream};
use crate::ids::InstallationId;

/// What is kept for `since`; Docker keeps as many.
const KEPT: usize = 256;
/// A reader that is further behind than this has a gap.
const CAPACITY: usize = 4096;

#[derive(Clone, Debug)]
struct Entry {
    at: Time,
    /// The installation whose object it is; `None` concerns everybody.
    owner: Option<String>,
    event: EngineEvent,
}

impl Entry {
    fn concerns(&self, reader: &InstallationId) -> bool {
        self.owner.as_deref().is_none_or(|owner| owner == reader.as_str())
    }
}

#[derive(Debug)]
pub(super) struct News {
    sender: broadcast::Sender<Entry>,
    kept: VecDeque<Entry>,
}

impl Default for News {
    fn default() -> Self {
        Self { sender: broadcast::Sender::new(CAPACITY), kept: VecDeque::new() }
    }
}

impl News {
    pub(super) fn tell(&mut self, at: Time, owner: Option<&str>, event: EngineEvent) {
        let entry = Entry { at, owner: owner.map(str::to_owned), event };
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(entry.clone());
        // Nobody listening is no failure.
        self.sender.send(entry).ok();
    }

    /// Ends every stream, as the end of the engine's process does.
    pub(super) fn hang_up(&mut self) {
        self.sender = broadcast::Sender::new(CAPACITY);
    }

    pub(super) fn listen(&self, reader: &InstallationId, since: Option<Time>) -> EventStream {
        let receiver = self.sender.subscribe();
        // Docker's `since` is in whole seconds: what happened in that second comes (again).
        let past: Vec<_> = self
            .kept
            .iter()
            .filter(|entry| since.is_some_and(|since| entry.at.seconds() >= since.seconds()))
            .filter(|entry| entry.concerns(reader))
            .map(|entry| Ok(entry.event.clone()))
            .collect();
        let state = (receiver, reader.clone());
        let coming = stream::unfold(state, |(mut receiver, reader)| async move {
            loop {
                match receiver.recv().await {
                    Ok(entry) if entry.concerns(&reader) => {
                        return Some((Ok(entry.event), (receiver, reader)));
                    }
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => {
                        return Some((Ok(EngineEvent::Gap), (receiver, reader)));
                    }
                    Err(RecvError::Closed) => return None,
                }
            }
        });
        Box::pin(stream::iter(past).chain(coming))
    }
}
