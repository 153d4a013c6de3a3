//! A resource as it is kept.

use kit::clock::Time;
use kit::ids::{StackId, TraversalId};
use kit::text_enum;
use serde_json::{Map, Value};

use crate::stacks::model::{Action, Stack, Status};
use crate::template::diff::Frozen;
use crate::template::{DeletionPolicy, Resolved};

text_enum! {
    /// What a traversal wants of a resource.
    pub enum Wanted {
        /// That it is as the template says.
        Made = "made",
        /// That it is gone.
        Removed = "removed",
        /// That it sleeps.
        Suspended = "suspended",
        /// That it is awake.
        Resumed = "resumed",
        /// That it is looked at.
        Checked = "checked",
        /// That what it is now is kept.
        Snapshotted = "snapshotted",
        /// That the thing which is there already is its own.
        Adopted = "adopted",
    }
}

text_enum! {
    /// How far a traversal is with a resource.
    pub enum Progress {
        /// Its turn has not come.
        Waiting = "waiting",
        /// An operation works on it.
        Running = "running",
        /// It is as wanted.
        Done = "done",
        /// It could not be made so.
        Failed = "failed",
    }
}

/// A resource.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_field_names, reason = "`type` is a word of the language")]
pub(crate) struct Resource {
    /// Its id in the house; 0 until it is kept.
    pub(crate) number: i64,
    pub(crate) stack: StackId,
    pub(crate) name: String,
    /// Its type, as the template has it.
    pub(crate) resource_type: String,
    /// The plug-in that made it; none before that.
    pub(crate) made_by: Option<String>,
    /// The end of the name that it gives to things.
    pub(crate) short_id: String,
    /// What it is in the service that has it.
    pub(crate) physical: Option<String>,
    pub(crate) action: Action,
    pub(crate) status: Status,
    pub(crate) reason: String,
    /// What it was made of, resolved.
    pub(crate) properties: Map<String, Value>,
    pub(crate) metadata: Value,
    pub(crate) update_policy: Value,
    /// What its type keeps for itself.
    pub(crate) data: Map<String, Value>,
    /// What becomes of its thing when it goes.
    pub(crate) deletion_policy: DeletionPolicy,
    /// The resources that it needs.
    pub(crate) requires: Vec<String>,
    pub(crate) wanted: Wanted,
    pub(crate) progress: Progress,
    /// The traversal whose operation works on it, maybe an earlier one than the stack's.
    pub(crate) visitor: Option<TraversalId>,
    pub(crate) created_at: Time,
    pub(crate) updated_at: Time,
}

/// As much of a resource as the plan and its visit's promise need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) number: i64,
    pub(crate) name: String,
    pub(crate) resource_type: String,
    pub(crate) made_by: Option<String>,
    pub(crate) requires: Vec<String>,
    pub(crate) wanted: Wanted,
    pub(crate) progress: Progress,
}

impl Resource {
    /// One that is to be made.
    pub(crate) fn new(stack: &StackId, name: &str, resource_type: &str, now: Time) -> Self {
        Self {
            number: 0,
            stack: stack.clone(),
            name: name.to_owned(),
            resource_type: resource_type.to_owned(),
            made_by: None,
            short_id: short_id(),
            physical: None,
            action: Action::Init,
            status: Status::Complete,
            reason: String::new(),
            properties: Map::new(),
            metadata: Value::Object(Map::new()),
            update_policy: Value::Object(Map::new()),
            data: Map::new(),
            deletion_policy: DeletionPolicy::Delete,
            requires: Vec::new(),
            wanted: Wanted::Made,
            progress: Progress::Waiting,
            visitor: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// What it was made of, for comparison with what it is to be made of.
    pub(crate) fn frozen(&self) -> Frozen {
        let known = |value: &Value| Resolved::Known(value.clone());
        let pairs = self.properties.iter().map(|(name, value)| (name.clone(), known(value)));
        Frozen {
            resource_type: self.resource_type.clone(),
            properties: pairs.collect(),
            metadata: known(&self.metadata),
            update_policy: known(&self.update_policy),
        }
    }

    /// The name that it gives to its thing where the template gives none, at most `limit` long.
    pub(crate) fn physical_name(&self, stack: &Stack, limit: usize) -> String {
        let name = format!("{}-{}-{}", stack.name, self.name, self.short_id);
        let excess = name.chars().count().saturating_sub(limit);
        if excess == 0 {
            return name;
        }
        // Heat: the stack's name is cut after two letters, the rest from the front.
        let head: String = name.chars().take(2).collect();
        let tail: String = name.chars().skip(excess + 3).collect();
        format!("{head}-{tail}")
    }

    /// `CREATE_COMPLETE`.
    pub(crate) fn state(&self) -> String {
        format!("{}_{}", self.action, self.status)
    }

    /// Whether its thing may be referred to: it was begun and not given up before it was there.
    pub(crate) fn is_there(&self) -> bool {
        match (self.action, self.status) {
            (Action::Init, _) | (Action::Create, Status::InProgress) => false,
            (Action::Create, Status::Failed) => self.physical.is_some(),
            (Action::Create, Status::Complete)
            | (
                Action::Delete
                | Action::Update
                | Action::Rollback
                | Action::Suspend
                | Action::Resume
                | Action::Check
                | Action::Snapshot
                | Action::Restore
                | Action::Adopt,
                _,
            ) => true,
        }
    }
}

/// Heat: twelve letters and digits of a random number in base 32.
pub(crate) fn short_id() -> String {
    use rand::RngExt;
    const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut random = rand::rng();
    let letter =
        |_| char::from(*ALPHABET.get(random.random_range(0..ALPHABET.len())).unwrap_or(&b'a'));
    (0..12).map(letter).collect()
}
