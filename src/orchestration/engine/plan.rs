//! PURE: how far the visits of a traversal are → which resources can be visited now.
//!
//! Resources are made, woken and looked at after those that they need, and are removed and put to
//! sleep before them. What is replaced or left out by an update is removed when all the rest is
//! made: a rollback finds the old things still there.

use std::collections::{HashMap, HashSet};

use crate::stack_resources::model::{Progress, Turn, Wanted};

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// These are visited now; with none, somebody is still at work.
    Visit(Vec<i64>),
    /// Everything is as wanted.
    Over,
}

/// What a traversal does next. Once a visit has failed it begins no more.
pub(crate) fn next(turns: &[Turn]) -> Plan {
    if turns.iter().all(|turn| turn.progress == Progress::Done) {
        return Plan::Over;
    }
    if turns.iter().any(|turn| turn.progress == Progress::Failed) {
        return Plan::Visit(Vec::new());
    }
    let open = Open::of(turns);
    let ready = turns
        .iter()
        .filter(|turn| turn.progress == Progress::Waiting && open.lets(turn))
        .map(|turn| turn.number)
        .collect();
    Plan::Visit(ready)
}

/// What is not done yet.
struct Open<'a> {
    /// Names of resources that are to be there and are not.
    coming: HashSet<&'a str>,
    /// How many of those that are to go, or to sleep, need a name.
    leaning: HashMap<&'a str, usize>,
}

impl<'a> Open<'a> {
    fn of(turns: &'a [Turn]) -> Self {
        let mut open = Self { coming: HashSet::new(), leaning: HashMap::new() };
        for turn in turns.iter().filter(|turn| turn.progress != Progress::Done) {
            if is_forward(turn.wanted) {
                open.coming.insert(turn.name.as_str());
            } else {
                for name in &turn.requires {
                    *open.leaning.entry(name.as_str()).or_default() += 1;
                }
            }
        }
        open
    }

    fn lets(&self, turn: &Turn) -> bool {
        if is_forward(turn.wanted) {
            return !turn.requires.iter().any(|name| self.coming.contains(name.as_str()));
        }
        self.coming.is_empty() && !self.leaning.contains_key(turn.name.as_str())
    }
}

/// Whether what a resource needs comes first.
fn is_forward(wanted: Wanted) -> bool {
    match wanted {
        Wanted::Made
        | Wanted::Resumed
        | Wanted::Checked
        | Wanted::Snapshotted
        | Wanted::Adopted => true,
        Wanted::Removed | Wanted::Suspended => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(name: &str, requires: &[&str], wanted: Wanted) -> Turn {
        let requires = requires.iter().map(|name| (*name).to_owned()).collect();
        Turn {
            number: 0,
            name: name.to_owned(),
            resource_type: String::new(),
            made_by: None,
            requires,
            wanted,
            progress: Progress::Waiting,
        }
    }

    fn plan(rows: &[Turn]) -> Plan {
        let numbered = |(index, row): (usize, &Turn)| Turn {
            number: i64::try_from(index).unwrap(),
            ..row.clone()
        };
        next(&rows.iter().enumerate().map(numbered).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_needed_is_made_first_and_removed_last() {
        let chain = |wanted| [row("a", &[], wanted), row("b", &["a"], wanted)];
        assert_eq!(plan(&chain(Wanted::Made)), Plan::Visit(vec![0]));
        assert_eq!(plan(&chain(Wanted::Removed)), Plan::Visit(vec![1]));
        assert_eq!(plan(&chain(Wanted::Suspended)), Plan::Visit(vec![1]));
        assert_eq!(plan(&chain(Wanted::Resumed)), Plan::Visit(vec![0]));
    }

    #[test]
    fn nothing_is_removed_before_its_replacement_is_there() {
        let mut rows = [row("a", &[], Wanted::Removed), row("a", &[], Wanted::Made)];
        assert_eq!(plan(&rows), Plan::Visit(vec![1]));
        rows[1].progress = Progress::Done;
        assert_eq!(plan(&rows), Plan::Visit(vec![0]));
        rows[0].progress = Progress::Done;
        assert_eq!(plan(&rows), Plan::Over);
    }

    #[test]
    fn after_a_failure_nothing_more_begins() {
        let mut rows = [row("a", &[], Wanted::Made), row("b", &[], Wanted::Made)];
        rows[0].progress = Progress::Failed;
        assert_eq!(plan(&rows), Plan::Visit(Vec::new()));
    }

    #[test]
    fn a_stack_without_resources_is_complete() {
        assert_eq!(plan(&[]), Plan::Over);
    }

    prop_compose! {
        /// Rows that need only earlier names; some names have an old row beside the new one.
        fn rows()(
            parts in prop::collection::vec((prop::collection::vec(0..20_usize, 0..4), 0..4_u8), 1..20),
        ) -> Vec<Turn> {
            let name = |index: usize| format!("r{index}");
            let mut rows = Vec::new();
            for (index, (requires, kind)) in parts.into_iter().enumerate() {
                let requires: Vec<String> =
                    requires.into_iter().filter(|other| *other < index).map(name).collect();
                let needs: Vec<&str> = requires.iter().map(String::as_str).collect();
                let mut add = |wanted| rows.push(row(&name(index), &needs, wanted));
                match kind {
                    0 => add(Wanted::Removed),
                    1 => { add(Wanted::Removed); add(Wanted::Made); }
                    _ => add(Wanted::Made),
                }
            }
            rows
        }
    }

    proptest! {
        #[test]
        fn whatever_the_order_of_completions_every_traversal_ends(
            mut rows in rows(), choices in prop::collection::vec(any::<prop::sample::Index>(), 200),
        ) {
            let mut finished: Vec<usize> = Vec::new();
            let mut choices = choices.into_iter();
            while let Plan::Visit(ready) = plan(&rows) {
                for number in &ready {
                    rows[usize::try_from(*number).unwrap()].progress = Progress::Running;
                }
                let running: Vec<usize> =
                    (0..rows.len()).filter(|i| rows[*i].progress == Progress::Running).collect();
                prop_assert!(!running.is_empty(), "nothing runs and nothing is ready: {rows:?}");
                let ended = *choices.next().unwrap().get(&running);
                rows[ended].progress = Progress::Done;
                finished.push(ended);
            }
            let place = |index: usize| finished.iter().position(|done| *done == index).unwrap();
            for (index, row) in rows.iter().enumerate() {
                for (other, needed) in rows.iter().enumerate() {
                    if !row.requires.contains(&needed.name) || needed.wanted != row.wanted {
                        continue;
                    }
                    match row.wanted {
                        Wanted::Made => prop_assert!(place(other) < place(index)),
                        Wanted::Removed
                        | Wanted::Suspended
                        | Wanted::Resumed
                        | Wanted::Checked
                        | Wanted::Snapshotted
                        | Wanted::Adopted => {
                            prop_assert!(place(index) < place(other));
                        }
                    }
                }
            }
        }
    }
}
