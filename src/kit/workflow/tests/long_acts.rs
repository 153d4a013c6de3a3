//! Acts that wait for something outside, and what goes on beside them.

use std::time::Duration;

use super::*;
use crate::engine::Exec;

/// Listens to what never speaks until the test lets it.
static LISTEN: Workflow = Workflow {
    kind: "test.listen",
    deadline_seconds: 60,
    steps: &[step!("listen", long_act: listen, record: add_first)],
    on_failed: note_failure,
};

/// How many listen where one may work.
const MANY: usize = 3;

async fn listen(context: Context) -> Result<Value, Failure> {
    Ok(json!(context.platform.engine.exec("guest", &Exec::default()).await.is_ok()))
}

struct Listening(Bench);

impl Listening {
    /// So many that listen already, beside room for one that works.
    async fn begin() -> (Self, Arc<Runner>) {
        let bench = Bench::with_setting("max_concurrent_operations", "1");
        bench.engine.faults().order("exec", When::Always, Fault::Hang);
        for number in 0..MANY {
            let target = format!("thing:{}", number + 2);
            bench.submit(NewOperation { target, ..operation(&LISTEN) }).await.unwrap();
        }
        let workflows = bench.workflows().into_iter().chain([&LISTEN]);
        let runner = Arc::new(Runner::new(Arc::clone(&bench.platform), workflows));
        Arc::clone(&runner).start();
        while bench.engine.faults().calls("exec") < MANY as u64 {
            tokio::task::yield_now().await;
        }
        (Self(bench), runner)
    }
}

#[tokio::test]
async fn more_long_acts_than_permits_do_not_hold_up_others() {
    let (Listening(bench), _runner) = Listening::begin().await;
    let id = bench.build().await.unwrap();
    let built = testkit::wait_until_finished(&bench.platform, &id).await.unwrap();
    assert_eq!(built.state, State::Done);
    assert_eq!(bench.things().await, ["reserve", "disk", "settle"], "they listen still");
    bench.engine.faults().clear();
    while bench.things().await.len() < 3 + MANY {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn draining_lets_a_long_act_finish_and_notes_it() {
    let (Listening(bench), runner) = Listening::begin().await;
    let release = async {
        tokio::time::sleep(Duration::ZERO).await;
        bench.engine.faults().clear();
    };
    tokio::join!(runner.drain(), release);
    assert_eq!(bench.things().await, ["first"; MANY]);
}
