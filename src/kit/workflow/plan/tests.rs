use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::ids::OperationId;
use crate::workflow::record_nothing;

static WORKFLOW: Workflow = Workflow {
    kind: "test.abc",
    deadline_seconds: 60,
    steps: &[Step::named("a"), Step::named("b"), Step::named("c")],
    on_failed: record_nothing,
};

const NOW: Time = Time(1_000_000_000);

fn operation(state: State) -> Operation {
    Operation {
        id: OperationId::from("operation"),
        kind: "test.abc".to_owned(),
        label: "test".to_owned(),
        target: "thing:1".to_owned(),
        project: "p".into(),
        user: "u".into(),
        request_id: "req-1".to_owned(),
        params: Value::Null,
        state,
        claimed: true,
        cancel: false,
        attempt: 0,
        not_before: Time(0),
        deadline: Some(NOW.plus_seconds(60)),
        message: None,
        error: None,
        created_at: NOW,
        started_at: Some(NOW),
        updated_at: NOW,
        finished_at: None,
    }
}

fn rows(text: &str) -> Vec<StepRow> {
    let states = text.split_whitespace().map(|word| word.split_once(':').unwrap());
    states
        .zip(0..)
        .map(|((name, state), position)| StepRow {
            position,
            name: name.to_owned(),
            state: StepState::parse(state).unwrap(),
            output: None,
            error: None,
            started_at: NOW,
            finished_at: None,
        })
        .collect()
}

fn plan(operation: &Operation, text: &str) -> String {
    match next(&WORKFLOW, operation, &rows(text), NOW) {
        Next::Begin(step) => format!("begin {}", step.name),
        Next::Act(step) => format!("act {}", step.name),
        Next::Undo(step) => format!("undo {}", step.name),
        Next::Finish(state) => state.to_string(),
        other @ (Next::Unwind | Next::Wait | Next::Lost | Next::Nothing) => {
            format!("{other:?}").to_lowercase()
        }
    }
}

#[test]
fn forward_goes_through_the_steps_in_order() {
    let running = operation(State::Running);
    let story = [
        ("", "begin a"),
        ("a:started", "act a"),
        ("a:done", "begin b"),
        ("a:done b:started", "act b"),
        ("a:done b:done c:started", "act c"),
        ("a:done b:done c:done", "done"),
    ];
    for (journal, expected) in story {
        assert_eq!(plan(&running, journal), expected, "{journal}");
    }
}

#[test]
fn unwinding_starts_with_the_failed_step_and_goes_back_in_reverse() {
    let mut unwinding = operation(State::Unwinding);
    unwinding.error = Some("broken".to_owned());
    let story = [
        ("a:done b:failed", "undo b"),
        ("a:done b:undone", "undo a"),
        ("a:undone b:undone", "failed"),
        ("", "failed"),
    ];
    for (journal, expected) in story {
        assert_eq!(plan(&unwinding, journal), expected, "{journal}");
    }
}

#[test]
fn a_cancel_turns_round_between_steps_and_ends_cancelled() {
    let mut cancelled = operation(State::Running);
    cancelled.cancel = true;
    assert_eq!(plan(&cancelled, ""), "unwind");
    assert_eq!(plan(&cancelled, "a:done b:started"), "unwind");
    cancelled.state = State::Unwinding;
    assert_eq!(plan(&cancelled, "a:done b:started"), "undo b");
    assert_eq!(plan(&cancelled, "a:undone b:undone"), "cancelled");
}

#[test]
fn a_cancel_after_the_last_record_comes_too_late() {
    let mut cancelled = operation(State::Running);
    cancelled.cancel = true;
    assert_eq!(plan(&cancelled, "a:done b:done c:done"), "done");
}

#[test]
fn what_this_version_lacks_is_lost_not_skipped() {
    assert_eq!(plan(&operation(State::Running), "a:done x:started"), "lost");
    assert_eq!(plan(&operation(State::Unwinding), "x:done"), "lost");
    let mut foreign = operation(State::Running);
    foreign.kind = "test.gone".to_owned();
    assert_eq!(plan(&foreign, ""), "lost");
}

#[test]
fn nothing_happens_before_the_end_of_the_back_off() {
    let mut waiting = operation(State::Running);
    waiting.not_before = NOW.plus_ms(1);
    assert_eq!(plan(&waiting, "a:started"), "wait");
}

#[test]
fn what_is_queued_or_has_ended_is_left_alone() {
    for state in [State::Queued, State::Done, State::Failed, State::Cancelled, State::Stuck] {
        assert_eq!(plan(&operation(state), "a:started"), "nothing", "{state}");
    }
}

#[test]
fn an_act_is_tried_again_until_the_deadline() {
    let mut running = operation(State::Running);
    assert_eq!(after_failed_act(&running, true, NOW), Verdict::Again(NOW.plus_ms(200)));
    running.attempt = 3;
    assert_eq!(after_failed_act(&running, true, NOW), Verdict::Again(NOW.plus_ms(1_600)));
    running.attempt = 4_000;
    assert_eq!(after_failed_act(&running, true, NOW), Verdict::Again(NOW.plus_ms(15_000)));
    assert_eq!(after_failed_act(&running, true, NOW.plus_seconds(60)), Verdict::GiveUp);
    assert_eq!(after_failed_act(&running, false, NOW), Verdict::GiveUp);
    running.cancel = true;
    assert_eq!(after_failed_act(&running, true, NOW), Verdict::GiveUp);
}

#[test]
fn an_undo_has_a_limit_of_its_own_and_ignores_the_deadline() {
    let mut unwinding = operation(State::Unwinding);
    let late = NOW.plus_seconds(3_600);
    assert_eq!(after_failed_undo(&unwinding, false, late), Verdict::Again(late.plus_ms(200)));
    unwinding.attempt = UNDO_ATTEMPTS - 1;
    assert_eq!(after_failed_undo(&unwinding, false, late), Verdict::GiveUp);
    assert!(matches!(after_failed_undo(&unwinding, true, late), Verdict::Again(_)));
    unwinding.attempt = PATIENT_UNDO_ATTEMPTS - 1;
    assert_eq!(after_failed_undo(&unwinding, true, late), Verdict::GiveUp);
}

#[test]
fn an_act_has_the_time_until_the_deadline_and_a_minute_at_least() {
    let mut running = operation(State::Running);
    running.deadline = Some(NOW.plus_seconds(1_800));
    assert_eq!(act_limit(&running, NOW), Duration::from_mins(30));
    assert_eq!(act_limit(&running, NOW.plus_seconds(9_999)), Duration::from_mins(1));
}

proptest! {
    /// Whatever fails and whenever a cancel comes, a drive over the pure plan ends, undoes in
    /// reverse exactly what had begun, and never acts on a step again once the next one began.
    #[test]
    fn every_story_ends_with_each_begun_step_recorded_or_undone(
        fails_at in 0_usize..5, cancel_at in 0_usize..12,
    ) {
        let mut operation = operation(State::Running);
        let mut rows: Vec<StepRow> = Vec::new();
        let mut undone: Vec<String> = Vec::new();
        for turn in 0..40 {
            operation.cancel |= turn == cancel_at;
            match next(&WORKFLOW, &operation, &rows, NOW) {
                Next::Begin(step) => {
                    rows.extend(self::rows(&format!("{}:started", step.name)));
                }
                Next::Act(step) => {
                    prop_assert_eq!(&rows.last().unwrap().name, step.name);
                    let fails = WORKFLOW.steps.get(fails_at).is_some_and(|bad| bad.name == step.name);
                    rows.last_mut().unwrap().state =
                        if fails { StepState::Failed } else { StepState::Done };
                    if fails {
                        operation.error = Some("broken".to_owned());
                    }
                }
                Next::Unwind => operation.state = State::Unwinding,
                Next::Undo(step) => {
                    undone.push(step.name.to_owned());
                    rows.iter_mut().find(|row| row.name == step.name).unwrap().state =
                        StepState::Undone;
                }
                Next::Finish(state) => operation.state = state,
                Next::Wait | Next::Lost => prop_assert!(false, "no back-off, no lost step here"),
                Next::Nothing => break,
            }
        }
        prop_assert!(operation.state.is_finished());
        let begun: Vec<String> = rows.iter().rev().map(|row| row.name.clone()).collect();
        let expected = if operation.state == State::Done { Vec::new() } else { begun };
        prop_assert_eq!(undone, expected);
    }
}
